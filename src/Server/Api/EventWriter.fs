namespace GopherFlow.Server

open System
open System.Buffers
open System.IO
open System.IO.Compression
open System.IO.Pipelines
open System.Text
open System.Threading
open Microsoft.AspNetCore.Http

/// Writes server-sent events, compressed when the client takes that.
[<Sealed>]
type EventWriter private (writer: PipeWriter, inner: Stream option) =

    let write (text: string) =
        Encoding.UTF8.GetBytes(text, writer) |> ignore

    /// Begins the response.
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

    /// An event; with an id, from which a client that comes back can continue.
    member _.Event(name: string, id: string option, data: obj) =
        write $"event: {name}\n"
        id |> Option.iter (fun id -> write $"id: {id}\n")
        write "data: "
        writer.Write(ReadOnlySpan(Json.bytes data))
        write "\n\n"

    /// A line that clients skip.
    member _.Comment(text: string) = write $": {text}\n\n"

    /// Sends what was written.
    /// Returns false when the client has gone.
    member _.FlushAsync(ended: CancellationToken) =
        task {
            let! flushed = writer.FlushAsync ended

            match inner with
            | Some stream -> do! stream.FlushAsync ended
            | None -> ()

            return not flushed.IsCompleted
        }

    /// Ends the response in order.
    member _.CloseAsync() =
        task {
            match inner with
            | Some stream -> do! stream.DisposeAsync()
            | None -> ()
        }
