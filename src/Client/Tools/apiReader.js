// Starts the viewer of the API description. Its requests use the console's cookie and header.
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
