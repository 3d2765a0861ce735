namespace GopherFlow.Server

open System

/// A validation error of one field of a request.
type FaultyField = {
    /// The path of the field, such as "createWorkflowRequest.businessKey".
    Field: string
    /// The value that was received; None if the field was missing.
    Received: string option
    /// What the server expects, in words.
    Expected: string
    /// The error as a sentence.
    Detail: string
}

/// Why a request failed, as problem details (RFC 9457).
type Problem = {
    /// The last part of the problem's type.
    Kind: string
    Status: int
    Title: string
    Detail: string
    Errors: FaultyField list
    /// Additional members of the document.
    Facts: (string * obj) list
    /// Additional response headers.
    Headers: (string * string) list
}

module internal FaultyField =

    /// The maximum number of errors in one response.
    [<Literal>]
    let Most = 20

    /// The maximum length of a field path.
    [<Literal>]
    let private LongestField = 500

    /// The maximum length of a received value.
    [<Literal>]
    let private LongestReceived = 200

    /// Truncates a text without splitting a surrogate pair.
    let private shortened longest (text: string) =
        if text.Length <= longest then
            text
        else
            let kept =
                if Char.IsHighSurrogate(text[longest - 1]) then
                    longest - 1
                else
                    longest

            $"{text.Substring(0, kept)}... ({text.Length} characters)"

    let create field received expected =
        let field = shortened LongestField field
        let received = Option.map (shortened LongestReceived) received

        {
            Field = field
            Received = received
            Expected = expected
            Detail =
                match received with
                | Some received -> $"{field}: expected {expected}, but got {received}."
                | None -> $"{field}: expected {expected}, but it is missing."
        }

/// The problems that the server returns: one function each.
module internal Problem =

    [<Literal>]
    let TypePrefix = "urn:gopherflow:problem:"

    let private create kind status title detail = {
        Kind = kind
        Status = status
        Title = title
        Detail = detail
        Errors = []
        Facts = []
        Headers = []
    }

    /// The detail text has the first errors; the document lists all of them.
    let private sentences (errors: FaultyField list) =
        let first = errors |> List.truncate 5 |> List.map _.Detail |> String.concat " "

        if errors.Length > 5 then
            $"{first} There are more errors; at most {FaultyField.Most} are listed."
        else
            first

    /// 400: invalid fields.
    let invalidRequest errors =
        let listed = List.truncate FaultyField.Most errors

        {
            create "invalid-request" 400 "The request is not valid" (sentences listed) with
                Errors = listed
        }

    /// 404: a field of the request refers to something that does not exist.
    let notFound field (received: string) expected =
        let error = FaultyField.create field (Some received) expected

        {
            create "not-found" 404 "Not found" error.Detail with
                Errors = [ error ]
        }

    /// 409: a field of the request does not match the current state.
    let conflict field received expected =
        let error = FaultyField.create field received expected

        {
            create "conflict" 409 "The state has changed in the meantime" error.Detail with
                Errors = [ error ]
        }

    /// 421: the host name of the request is not allowed.
    let wrongHost (host: string) =
        create
            "wrong-host"
            421
            "This server does not accept that host name"
            $"The request is for the host '{host}'. The server accepts the hosts in GFLOW_ALLOWED_HOSTS; while the default password is accepted, only names of this machine."

    let unknownRoute (path: string) =
        create "unknown-route" 404 "Unknown route" $"There is no route {path}."

    let wrongMethod (method: string) (allowed: string list) =
        let allow = String.concat ", " allowed

        {
            create "wrong-method" 405 "Method not supported" $"Expected {allow}, but got {method}." with
                Headers = [ "Allow", allow ]
        }

    let unauthenticated = {
        create
            "unauthenticated"
            401
            "Not signed in"
            "Sign in at POST /api/session, or send a key in the header X-API-Key." with
            Headers = [ "WWW-Authenticate", "ApiKey header=\"X-API-Key\"" ]
    }

    let wrongPassword =
        create "wrong-password" 401 "Not signed in" "Wrong user name or password."

    let wrongApiKey = {
        create "wrong-api-key" 401 "Not signed in" "The key in the header X-API-Key is not valid." with
            Headers = unauthenticated.Headers
    }

    let missingAntiForgeryHeader =
        create
            "anti-forgery"
            403
            "The anti-forgery header is missing"
            "A change that is authenticated by the session cookie requires the header X-GopherFlow: console."

    let notAllowed (role: string) (needed: string list) =
        let needed = String.concat " or " needed
        create "not-allowed" 403 "Your role does not allow this" $"This requires the role {needed}; yours is {role}."

    let deployingIsOff =
        create
            "deploying-is-off"
            403
            "Scripts cannot be deployed over the API of this server"
            "GFLOW_SCRIPTS_DEPLOY is false on this server; its scripts come only from the folder GFLOW_SCRIPTS_DIR."

    /// 422: a source with errors.
    let scriptRefused (name: string) (first: string) (diagnostics: obj) = {
        create
            "script-refused"
            422
            "The script has errors"
            $"Script {name} was not deployed; a version that was current before remains current. The first error: {first}" with
            Facts = [ "diagnostics", diagnostics ]
    }

    /// 409: the workflow's state or status does not allow the operation.
    let notInThatState (workflowId: int64) (state: string) (status: string) (expected: string) = {
        create
            "conflict"
            409
            "The workflow does not allow this operation now"
            $"Workflow {workflowId} is in state {state} ({status}); expected {expected}." with
            Facts = [ "workflowId", workflowId; "currentState", state; "currentStatus", status ]
    }

    /// 409: there is no older version to roll back to.
    let nothingToRollBackTo (reason: string) =
        create "nothing-to-roll-back-to" 409 "There is no older version" reason

    /// 409: the new version has no state for some of the workflows.
    let moveRefused (refusals: string list) (plan: obj) = {
        create "move-refused" 409 "Some workflows cannot be moved, so none was" (String.concat " " refusals) with
            Facts = [ "refusals", refusals; "plan", plan ]
    }

    /// 503: the limit of event streams is reached.
    let tooManyStreams (reason: string) = {
        create "too-many-streams" 503 "Too many event streams are open" reason with
            Headers = [ "Retry-After", "30" ]
    }

    let tooManyAttempts (wait: TimeSpan) =
        let seconds = max 1 (int (ceil wait.TotalSeconds))

        {
            create
                "too-many-attempts"
                429
                "Too many failed attempts to sign in"
                $"Wait {seconds} s before the next attempt." with
                Headers = [ "Retry-After", string seconds ]
        }

    /// 429: checking passwords is slow, and too many are being checked.
    let tooManyPasswords = {
        create
            "too-many-attempts"
            429
            "Too many attempts to sign in"
            "Too many passwords are being checked at the moment. Try again shortly." with
            Headers = [ "Retry-After", "1" ]
    }

    /// 409: another user has the name or the identity.
    let nameTaken (name: string) =
        let error =
            FaultyField.create "username" (Some $"'{name}', which is taken") "a name that no user has"

        {
            create "name-taken" 409 "The user already exists" error.Detail with
                Errors = [ error ]
        }

    /// 409: another schedule has the name.
    let scheduleExists (name: string) =
        let error =
            FaultyField.create "name" (Some $"'{name}', which is taken") "a name that no schedule has"

        {
            create "name-taken" 409 "The schedule already exists" error.Detail with
                Errors = [ error ]
        }

    /// 409: the schedule is declared in code.
    let declaredInCode (name: string) =
        create
            "declared-in-code"
            409
            "The schedule is declared in code"
            $"The schedule '{name}' is declared in the code of the application and can be changed only there. The API can pause, resume and trigger it."

    /// 409: without an enabled admin, nobody could manage users.
    let lastAdmin =
        create
            "last-admin"
            409
            "There must be at least one enabled admin"
            "Make another user an enabled admin first; then this one can be disabled, demoted or deleted."

    /// 422: the old password is wrong.
    let wrongOldPassword =
        create "wrong-old-password" 422 "The password was not changed" "The old password is wrong."

    let bodyTooLarge (limit: int) = {
        create "body-too-large" 413 "The body is too large" $"A body has at most {limit} bytes." with
            Errors = [
                FaultyField.create "body" (Some $"more than {limit} bytes") $"at most {limit} bytes"
            ]
            Headers = [ "Connection", "close" ]
    }

    let wrongContentType (received: string option) =
        let error = FaultyField.create "Content-Type" received "application/json"

        {
            create "wrong-content-type" 415 "The content type of the body is not supported" error.Detail with
                Errors = [ error ]
        }

    /// An HTTP error that the web server itself detected.
    let badRequest status detail =
        create "bad-request" status "Invalid HTTP request" detail

    let waitTimedOut (workflowId: int64) (state: string) (status: string) = {
        create
            "wait-timed-out"
            504
            "The wait timed out before the workflow reached the state"
            $"Workflow {workflowId} is in state {state} ({status})." with
            Facts = [ "workflowId", workflowId; "currentState", state; "currentStatus", status ]
    }

    let waitEnded (workflowId: int64) (state: string) (status: string) = {
        create
            "workflow-ended"
            409
            "The workflow ended in another state"
            $"Workflow {workflowId} ended in state {state} ({status}); it cannot reach any of the requested states." with
            Facts = [ "workflowId", workflowId; "currentState", state; "currentStatus", status ]
    }

    let private tryAgain = [ "Retry-After", "1" ]

    let databaseBusy = {
        create "database-busy" 503 "The database is not responding" "The same request may succeed later." with
            Headers = tryAgain
    }

    /// 503: too many creates are already waiting.
    let overloaded (reason: string) = {
        create "overloaded" 503 "Too many workflows are waiting to be created" reason with
            Headers = tryAgain
    }

    /// 503: the executor is not ready.
    let notReady (reasons: string list) = {
        create "not-ready" 503 "The executor is not ready" (String.concat " " reasons) with
            Facts = [ "reasons", reasons ]
            Headers = tryAgain
    }

    let stopping = {
        create "stopping" 503 "The server is stopping" "The same request may succeed later." with
            Headers = tryAgain
    }

    let unexpected =
        create "unexpected" 500 "Internal server error" "The error was logged under the trace id of this response."
