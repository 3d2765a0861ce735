// Starts the reader of the API's description. Changes are signed in by the console's cookie.
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  requestInterceptor: request => {
    request.headers['X-GopherFlow'] = 'console'
    return request
  }
})
