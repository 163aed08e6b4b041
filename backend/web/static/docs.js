// Starts Swagger UI with the OpenAPI document of this server.

const place = /** @type {HTMLElement} */ (document.getElementById("document"));

// @ts-expect-error: the bundle that the page loads first defines it.
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.documentUrl,
  deepLinking: true,
  // With more than about a hundred unfolded operations, Swagger UI draws only some of them.
  docExpansion: "none",
  filter: true,
  // The validator is a service elsewhere; this page speaks to our server only.
  validatorUrl: null,
});
