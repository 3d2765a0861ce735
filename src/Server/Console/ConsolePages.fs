namespace GopherFlow.Server

open System
open System.IO
open System.Text
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.Net.Http.Headers

/// Sends the console: its files by path, and its one page for every path without a file extension.
module ConsolePages =

    [<Literal>]
    let private ForEver = "public, max-age=31536000, immutable"

    let private missingPage =
        """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>GopherFlow</title></head>
<body>
<h1>GopherFlow</h1>
<p>The server runs, but the console was not built when it was compiled. Build and start both with:</p>
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

    let private send (asset: Asset) : Handler =
        fun http ->
            task {
                let response = http.Response
                let packing = packingFor http asset
                response.Headers.CacheControl <- if asset.IsImmutable then ForEver else "no-cache"
                response.Headers.ETag <- asset.ETag
                response.Headers.Vary <- "Accept-Encoding"

                if isKnown http asset then
                    response.StatusCode <- StatusCodes.Status304NotModified
                else
                    let bytes = asset.Bytes[packing].Value
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

    let private isReserved (path: PathString) =
        path.StartsWithSegments "/api" || path.StartsWithSegments "/health"

    let private refuse (problem: Problem) : Handler =
        fun _ -> Task.FromResult(Refusal problem)

    /// Any path that no route takes.
    let page (assets: Map<string, Asset>) : Handler =
        let index =
            Map.tryFind Assets.Index assets
            |> Option.defaultWith (fun () -> Assets.create Assets.Index (Encoding.UTF8.GetBytes missingPage))

        let handlerOf (path: PathString) =
            let text = Option.ofObj path.Value |> Option.defaultValue "/"

            match Map.tryFind text assets with
            | _ when isReserved path -> refuse (Problem.unknownRoute text)
            | Some asset -> send asset
            | None when Path.HasExtension text -> refuse (Problem.unknownRoute text)
            | None -> send index

        fun http ->
            let method = http.Request.Method

            if HttpMethods.IsGet method || HttpMethods.IsHead method then
                handlerOf http.Request.Path http
            else
                refuse (Problem.wrongMethod method [ "GET"; "HEAD" ]) http
