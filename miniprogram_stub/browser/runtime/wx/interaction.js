/** Functions of `wx` for toasts, dialogs and lists over a page. */
import { hideToast, showActionSheet, showLoading, showModal, showToast } from "../overlay.js";
import { api, Fail } from "./api.js";

export const interaction = {
  showToast: api("showToast", showToast),
  hideToast: api("hideToast", hideToast),
  showLoading: api("showLoading", showLoading),
  hideLoading: api("hideLoading", hideToast),
  showModal: api("showModal", showModal),
  showActionSheet: api("showActionSheet", async (options) => {
    const tapIndex = await showActionSheet(options);
    if (tapIndex < 0) throw new Fail("cancel");
    return { tapIndex };
  }),
};
