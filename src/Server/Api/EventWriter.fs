namespace GopherFlow.Server

open System
open System.Buffers
open System.IO
open System.IO.Compression
open System.IO.Pipelines
open System.Text
open System.Threading
open Microsoft.AspNetCore.Http

/// Writes server-sent events, with gzip if the client accepts it.
[<Sealed>]
type EventWriter private (writer: PipeWriter, inner: Stream option) =

    let write (text: string) =
        Encoding.UTF8.GetBytes(text, writer) |> ignore

    /// Starts the response.
    static member Open(http: HttpContext) =
        let accepts =
            http.Request.GetTypedHeaders().AcceptEncoding
            |> Seq.exists (fun encoding -> encoding.Value.ToString() = "gzip" && encoding.Quality <> Nullable 0.)

        http.Response.Headers.Vary <- "Accept-Encoding"

        if accepts then
            http.Response.Headers.ContentEncoding <- "gzip"

            let packed =
                new GZipStream(http.Response.BodyWriter.AsStream(), CompressionLevel.Fastest)

            EventWriter(PipeWriter.Create packed, Some packed)
        else
            EventWriter(http.Response.BodyWriter, None)

    /// Writes an event. A client that reconnects can resume after an event that has an id.
    member _.Event(name: string, id: string option, data: obj) =
        write $"event: {name}\n"
        id |> Option.iter (fun id -> write $"id: {id}\n")
        write "data: "
        writer.Write(ReadOnlySpan(Json.bytes data))
        write "\n\n"

    /// Writes a comment, which clients ignore.
    member _.Comment(text: string) = write $": {text}\n\n"

    /// Flushes what was written. Returns false if the client has disconnected.
    member _.FlushAsync(ended: CancellationToken) =
        task {
            let! flushed = writer.FlushAsync ended

            match inner with
            | Some stream -> do! stream.FlushAsync ended
            | None -> ()

            return not flushed.IsCompleted
        }

    /// Completes the response.
    member _.CloseAsync() =
        task {
            match inner with
            | Some stream -> do! stream.DisposeAsync()
            | None -> ()
        }
