namespace GopherFlow.Server

open System
open System.Text
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.Net.Http.Headers

/// Serves the console: its files by path, and its single page for each of its URLs.
module internal ConsolePages =

    [<Literal>]
    let private ForEver = "public, max-age=31536000, immutable"

    let private missingPage =
        """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>GopherFlow</title></head>
<body>
<h1>GopherFlow</h1>
<p>The server is running, but the console had not been built when the server was compiled. Build and start both with:</p>
<pre>dotnet fsi build.fsx run</pre>
<p>The API is at /api.</p>
</body>
</html>
"""

    let private packingFor (http: HttpContext) (asset: Asset) =
        let accepted =
            http.Request.GetTypedHeaders().AcceptEncoding
            |> Seq.filter (fun encoding -> encoding.Quality <> Nullable 0.)
            |> Seq.map _.Value.ToString()
            |> Set.ofSeq

        let has name packing =
            accepted.Contains name && asset.Bytes.ContainsKey packing

        if has "br" Brotli then Brotli
        elif has "gzip" Gzip then Gzip
        else Plain

    let private isKnown (http: HttpContext) (asset: Asset) =
        http.Request.GetTypedHeaders().IfNoneMatch
        |> Seq.exists (fun tag -> tag.Equals EntityTagHeaderValue.Any || tag.Tag.ToString() = asset.ETag)

    let private send (status: int) (asset: Asset) : Handler =
        fun http ->
            task {
                let response = http.Response
                let packing = packingFor http asset
                response.Headers.CacheControl <- if asset.IsImmutable then ForEver else "no-cache"
                response.Headers.ETag <- asset.ETag
                response.Headers.Vary <- "Accept-Encoding"

                if status = StatusCodes.Status200OK && isKnown http asset then
                    response.StatusCode <- StatusCodes.Status304NotModified
                else
                    let bytes = asset.Bytes[packing].Value
                    response.StatusCode <- status
                    response.ContentType <- asset.ContentType
                    response.ContentLength <- Nullable(int64 bytes.Length)

                    match packing with
                    | Plain -> ()
                    | Gzip -> response.Headers.ContentEncoding <- "gzip"
                    | Brotli -> response.Headers.ContentEncoding <- "br"

                    let! _ = response.BodyWriter.WriteAsync(ReadOnlyMemory bytes, http.RequestAborted)
                    ()

                return Written
            }

    /// The placeholder in the page for the nonce of the response. The editor adds the nonce to the styles that it creates.
    [<Literal>]
    let private NoncePlace = "nonce-of-this-answer"

    /// Sends the page, with a new nonce in each response.
    let private sendIndex (status: int) (index: Asset) : Handler =
        let page = Encoding.UTF8.GetString index.Bytes[Plain].Value

        fun http ->
            task {
                let response = http.Response

                let bytes =
                    Encoding.UTF8.GetBytes(page.Replace(NoncePlace, ContentSecurity.nonce http))

                response.StatusCode <- status
                response.ContentType <- index.ContentType
                response.ContentLength <- Nullable(int64 bytes.Length)
                response.Headers.CacheControl <- "no-cache"
                let! _ = response.BodyWriter.WriteAsync(ReadOnlyMemory bytes, http.RequestAborted)
                return Written
            }

    /// The first path segments of the console's URLs; anything may follow them.
    let private pages =
        set [
            ""
            "account"
            "audit"
            "definitions"
            "executors"
            "jobs"
            "schedules"
            "scripts"
            "settings"
            "start"
            "users"
            "workflows"
        ]

    let private isPage (path: string) =
        pages.Contains(path.TrimStart('/').Split('/')[0])

    let private wantsPage (http: HttpContext) =
        http.Request.GetTypedHeaders().Accept
        |> Seq.exists (fun accepted -> accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))

    let private refuse (problem: Problem) : Handler =
        fun _ -> Task.FromResult(Refusal problem)

    /// Handles every path that no route matches.
    let page (assets: Map<string, Asset>) : Handler =
        let index =
            Map.tryFind Assets.Index assets
            |> Option.defaultWith (fun () -> Assets.create Assets.Index (Encoding.UTF8.GetBytes missingPage))

        let handlerOf (http: HttpContext) =
            let path = Option.ofObj http.Request.Path.Value |> Option.defaultValue "/"

            match Map.tryFind path assets with
            | Some asset when path <> Assets.Index -> send StatusCodes.Status200OK asset
            | Some _ -> sendIndex StatusCodes.Status200OK index
            | None when isPage path -> sendIndex StatusCodes.Status200OK index
            // Browsers get the console, which shows a not-found page.
            | None when wantsPage http -> sendIndex StatusCodes.Status404NotFound index
            | None -> refuse (Problem.unknownRoute (Excerpt.ofText path))

        fun http ->
            let method = http.Request.Method

            if HttpMethods.IsGet method || HttpMethods.IsHead method then
                handlerOf http http
            else
                refuse (Problem.wrongMethod method [ "GET"; "HEAD" ]) http
