namespace GopherFlow.Server

open System
open System.Text
open System.Threading.Tasks
open GopherFlow.Rules
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// To what a change was made; both empty when to nothing of its own.
type AuditTarget = { Kind: string; Id: string }

/// What a handler says about a change that it has made.
type AuditNote = {
    Target: AuditTarget option
    Before: obj option
    After: obj option
}

/// <summary>
/// Enters in the audit log what people and keys change: `changing` goes around the handler of each route that changes something, and `note` adds
/// details from within.
/// </summary>
module internal Audit =

    let private notePlace = obj ()

    /// Nothing but that it was done.
    let nothing = {
        Target = None
        Before = None
        After = None
    }

    /// Notes what has been changed, as soon as it has been. The entry then says "done", even when the answer never comes or is about something
    /// else, such as a wait that took too long.
    let note (http: HttpContext) (note: AuditNote) = http.Items[notePlace] <- note

    let private unchangedPlace = obj ()

    /// Notes that nothing was changed although nothing was refused, so that there is no entry: a dry run, or a change that had been made before.
    let unchanged (http: HttpContext) =
        http.Items[unchangedPlace] <- unchangedPlace

    let private isUnchanged (http: HttpContext) = http.Items.ContainsKey unchangedPlace

    let private enteredPlace = obj ()

    /// The change has been entered in its own transaction, so there is no other entry, whatever the answer says.
    let entered (http: HttpContext) =
        http.Items[enteredPlace] <- enteredPlace

    let private isEntered (http: HttpContext) = http.Items.ContainsKey enteredPlace

    let private targetPlace = obj ()

    /// Notes what the request is about to change, when that is known better than from its path.
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

    /// An entry of somebody, from where a request comes.
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

    /// An entry for a change that is about to be made; the transaction that makes it gives it its target.
    let entryOfChange (http: HttpContext) (caller: Caller) action =
        entry http caller.Username (Some caller) action { Kind = ""; Id = "" } AuditOutcome.Done None None

    /// Writes an entry. What was changed stays changed when that fails; the log of the server has the entry then.
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

    /// What was asked for can be wrong in itself; that is nobody's change.
    let private isOfInterest (problem: Problem) =
        problem.Status <> StatusCodes.Status400BadRequest
        && problem.Status <> StatusCodes.Status413PayloadTooLarge
        && problem.Status <> StatusCodes.Status415UnsupportedMediaType

    let private reasonOf (kind: string) : obj = {| problem = kind |}

    let private outcomeOf (note: AuditNote option) (answer: Result<Answer, exn>) =
        match note, answer with
        | Some note, _ -> Some(AuditOutcome.Done, note.Before, note.After)
        | None, Ok(Refusal problem) when isOfInterest problem ->
            Some(AuditOutcome.Refused, None, Some(reasonOf problem.Kind))
        | None, Ok(Refusal _) -> None
        | None, Ok _ -> Some(AuditOutcome.Done, None, None)
        | None, Error _ -> Some(AuditOutcome.Refused, None, Some(reasonOf "failed"))

    /// Around a handler that changes something: enters what came of it when it is known who has asked. The target is read from the request
    /// and the answer, unless the handler notes another.
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
