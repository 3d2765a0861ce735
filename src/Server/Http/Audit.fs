namespace GopherFlow.Server

open System
open System.Text
open System.Threading.Tasks
open GopherFlow.Rules
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// The target of a change; both fields are empty if there is none.
type AuditTarget = { Kind: string; Id: string }

/// Details of a change, from the handler that made it.
type AuditNote = {
    Target: AuditTarget option
    Before: obj option
    After: obj option
}

/// <summary>
/// Records the changes of users and keys in the audit log: `changing` wraps the handler of each route that changes something, and handlers
/// call `note` to add details.
/// </summary>
module internal Audit =

    let private notePlace = obj ()

    /// A note without details.
    let nothing = {
        Target = None
        Before = None
        After = None
    }

    /// Notes a change as soon as it has been made. The outcome of the entry is then "done", even if the request fails afterwards or the
    /// response is about something else, such as a wait that timed out.
    let note (http: HttpContext) (note: AuditNote) = http.Items[notePlace] <- note

    let private unchangedPlace = obj ()

    /// Notes that a successful request changed nothing, so no entry is written: a dry run, or a change that had already been made.
    let unchanged (http: HttpContext) =
        http.Items[unchangedPlace] <- unchangedPlace

    let private isUnchanged (http: HttpContext) = http.Items.ContainsKey unchangedPlace

    let private enteredPlace = obj ()

    /// Notes that the entry was already written in the transaction of the change, so no other entry is written, whatever the response is.
    let entered (http: HttpContext) =
        http.Items[enteredPlace] <- enteredPlace

    let private isEntered (http: HttpContext) = http.Items.ContainsKey enteredPlace

    let private targetPlace = obj ()

    /// Sets the target of the request where the path does not identify it.
    let aim (http: HttpContext) (target: AuditTarget) = http.Items[targetPlace] <- target

    let private aimOf (http: HttpContext) =
        match http.Items.TryGetValue targetPlace with
        | true, (:? AuditTarget as target) -> Some target
        | _ -> None

    let private noteOf (http: HttpContext) =
        match http.Items.TryGetValue notePlace with
        | true, (:? AuditNote as note) -> Some note
        | _ -> None

    let private json (value: obj option) =
        value |> Option.map (Json.bytes >> Encoding.UTF8.GetString) |> Option.toObj

    /// Creates an entry for a request.
    let entry
        (http: HttpContext)
        (actor: string)
        (caller: Caller option)
        action
        (target: AuditTarget)
        outcome
        before
        after
        =
        AuditEntry(
            Actor = actor,
            UserId = (caller |> Option.map _.UserId |> Option.toNullable),
            ApiKeyId = (caller |> Option.bind _.ApiKeyId |> Option.toNullable),
            Address = Option.toObj (Address.text http),
            Action = action,
            TargetKind = target.Kind,
            TargetId = target.Id,
            Outcome = outcome,
            Before = json before,
            After = json after,
            RequestId = Answer.traceId http
        )

    /// Creates an entry for a change that is about to be made. The transaction of the change sets the target.
    let entryOfChange (http: HttpContext) (caller: Caller) action =
        entry http caller.Username (Some caller) action { Kind = ""; Id = "" } AuditOutcome.Done None None

    /// Writes an entry. If this fails, the change remains and the entry is written to the server log instead.
    let write (writer: AuditWriter) (logger: ILogger) (entry: AuditEntry) : Task =
        task {
            try
                do! writer.Write entry
            with failure ->
                logger.LogError(
                    failure,
                    "The audit log could not be written: {Actor} {Action} {TargetKind} {TargetId} {Outcome}",
                    entry.Actor,
                    entry.Action,
                    entry.TargetKind,
                    entry.TargetId,
                    entry.Outcome
                )
        }

    /// Whether a refusal is recorded. Invalid requests are not.
    let private isRecorded (problem: Problem) =
        problem.Status <> StatusCodes.Status400BadRequest
        && problem.Status <> StatusCodes.Status413PayloadTooLarge
        && problem.Status <> StatusCodes.Status415UnsupportedMediaType

    let private reasonOf (kind: string) : obj = {| problem = kind |}

    let private outcomeOf (note: AuditNote option) (answer: Result<Answer, exn>) =
        match note, answer with
        | Some note, _ -> Some(AuditOutcome.Done, note.Before, note.After)
        | None, Ok(Refusal problem) when isRecorded problem ->
            Some(AuditOutcome.Refused, None, Some(reasonOf problem.Kind))
        | None, Ok(Refusal _) -> None
        | None, Ok _ -> Some(AuditOutcome.Done, None, None)
        | None, Error _ -> Some(AuditOutcome.Refused, None, Some(reasonOf "failed"))

    /// Wraps a handler that changes something: records the outcome if the caller is known. The target is taken from the request
    /// and the answer, unless the handler sets another.
    let changing
        (writer: AuditWriter)
        (logger: ILogger)
        (action: string)
        (targetOf: HttpContext -> Result<Answer, exn> -> AuditTarget)
        (handler: Handler)
        : Handler =
        fun http ->
            task {
                let! answer =
                    task {
                        try
                            let! answer = handler http
                            return Ok answer
                        with failure ->
                            return Error failure
                    }

                let note = noteOf http

                match Caller.tryFind http, outcomeOf note answer with
                | Some caller, Some(outcome, before, after) when
                    not (isEntered http)
                    && (outcome = AuditOutcome.Refused || not (isUnchanged http))
                    ->
                    let target =
                        note
                        |> Option.bind _.Target
                        |> Option.orElse (aimOf http)
                        |> Option.defaultWith (fun () -> targetOf http answer)

                    do!
                        entry http caller.Username (Some caller) action target outcome before after
                        |> write writer logger
                | _ -> ()

                match answer with
                | Ok answer -> return answer
                | Error failure ->
                    Runtime.ExceptionServices.ExceptionDispatchInfo.Throw failure
                    return Written
            }
