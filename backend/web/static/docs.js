// Starts Swagger UI with the OpenAPI document of this server.

const place = document.getElementById("document");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.documentUrl,
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  // The validator is a service elsewhere; this page speaks to our server only.
  validatorUrl: null,
});
