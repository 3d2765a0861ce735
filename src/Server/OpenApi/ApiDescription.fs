namespace GopherFlow.Server

open System.Text
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// Serves the OpenAPI document and a page to browse it: `routes`.
module internal ApiDescription =

    let private page =
        """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GopherFlow API</title>
<link rel="stylesheet" href="/apidocs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/apidocs/swagger-ui-bundle.js"></script>
<script src="/apidocs/start.js"></script>
</body>
</html>
"""

    let private send (contentType: string) (bytes: byte array) : Handler =
        fun http ->
            task {
                http.Response.ContentType <- contentType
                http.Response.ContentLength <- int64 bytes.Length
                http.Response.Headers.CacheControl <- "no-cache"
                do! http.Response.Body.WriteAsync(bytes, http.RequestAborted)
                return Written
            }

    let private own (sendDocument: Handler) : Route list =
        [
            Route.openToAll
                HttpMethods.Get
                None
                "getOpenApi"
                "/api/openapi.json"
                "This document: the description of the API (OpenAPI 3.1)."
                Inputs.nothing
                (Route.sendsOther "application/json" "The description.")
                (fun _ () -> sendDocument)
            Route.openToAll
                HttpMethods.Get
                None
                "getDocs"
                "/api/docs"
                "A page to browse this description and try requests."
                Inputs.nothing
                (Route.sendsOther "text/html" "The page.")
                (fun _ () ->
                    fun http ->
                        ContentSecurity.allowInlineStyles http
                        send "text/html; charset=utf-8" (Encoding.UTF8.GetBytes page) http)
        ]
        |> Route.about "Description"

    /// The OpenAPI document for the given routes and for the routes of this module.
    let text (described: Route list) =
        let undescribed: Handler = fun _ -> Task.FromResult NoContent
        OpenApiDocument.text (described @ own undescribed)

    /// The routes that serve the description of the given routes and of themselves.
    let routes (described: Route list) : Route list =
        let document = lazy Encoding.UTF8.GetBytes(text described)
        own (fun http -> send "application/json; charset=utf-8" document.Value http)
