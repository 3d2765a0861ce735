namespace GopherFlow.Server

open System
open System.Diagnostics
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// The response to a request.
type Answer =
    /// 200 with a value.
    | Content of obj
    /// 201 with a value and its location.
    | Created of location: string * value: obj
    /// 204.
    | NoContent
    /// A problem document.
    | Refusal of Problem
    /// The handler has written the response itself.
    | Written

/// Handles a request.
type Handler = HttpContext -> Task<Answer>

/// Writes answers: `write` is the only place where an answer is serialized.
module internal Answer =

    /// The HTTP status of an answer; None if the handler has written the response itself.
    let statusOf answer =
        match answer with
        | Content _ -> Some StatusCodes.Status200OK
        | Created _ -> Some StatusCodes.Status201Created
        | NoContent -> Some StatusCodes.Status204NoContent
        | Refusal problem -> Some problem.Status
        | Written -> None

    /// The trace id under which the server logs the request.
    let traceId (http: HttpContext) =
        match Activity.Current with
        | null -> http.TraceIdentifier
        | activity -> activity.TraceId.ToHexString()

    let private writeBytes (http: HttpContext) (status: int) (contentType: string) (bytes: ReadOnlyMemory<byte>) =
        task {
            http.Response.StatusCode <- status
            http.Response.ContentType <- contentType
            http.Response.ContentLength <- Nullable(int64 bytes.Length)
            http.Response.Headers.CacheControl <- "no-store"
            let! _ = http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted)
            ()
        }

    let private writeProblem (http: HttpContext) (problem: Problem) =
        for name, value in problem.Headers do
            http.Response.Headers[name] <- value

        Json.problemBytes (traceId http) problem
        |> writeBytes http problem.Status "application/problem+json"

    /// Writes the answer to the response.
    let write (http: HttpContext) (answer: Answer) : Task =
        let writeJson status value =
            writeBytes http status "application/json" (ReadOnlyMemory(Json.bytes value))

        match answer with
        | Content value -> writeJson StatusCodes.Status200OK value
        | Created(location, value) ->
            http.Response.Headers.Location <- location
            writeJson StatusCodes.Status201Created value
        | Refusal problem -> writeProblem http problem
        | NoContent ->
            http.Response.StatusCode <- StatusCodes.Status204NoContent
            Task.CompletedTask
        | Written -> Task.CompletedTask
