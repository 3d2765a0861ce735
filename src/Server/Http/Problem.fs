namespace GopherFlow.Server

open System

/// One field of a request that cannot be taken as it is.
type FaultyField = {
    /// The path of the field, such as "createWorkflowRequest.businessKey".
    Field: string
    /// What came; None when nothing came.
    Received: string option
    /// What is expected, in words.
    Expected: string
    /// The fault as a sentence.
    Detail: string
}

/// Why a request was not carried out (RFC 9457).
type Problem = {
    /// The last part of the problem's type.
    Kind: string
    Status: int
    Title: string
    Detail: string
    Errors: FaultyField list
    /// Further members of the document.
    Facts: (string * obj) list
    /// Headers that go with it.
    Headers: (string * string) list
}

module internal FaultyField =

    /// The most that one answer lists.
    [<Literal>]
    let Most = 20

    /// The most characters of the path of a field.
    [<Literal>]
    let private LongestField = 500

    /// The most characters of what came.
    [<Literal>]
    let private LongestReceived = 200

    /// It does not end with the first half of a character that takes two.
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
                | Some received -> $"{field}: expected {expected}, but {received} came."
                | None -> $"{field}: expected {expected}, but nothing came."
        }

/// The problems that the server answers with: one function each.
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

    /// The document lists all of them; the sentence, the first.
    let private sentences (errors: FaultyField list) =
        let first = errors |> List.truncate 5 |> List.map _.Detail |> String.concat " "

        if errors.Length > 5 then
            $"{first} There are more faults; errors lists at most {FaultyField.Most}."
        else
            first

    /// 400: fields that cannot be taken as they are.
    let invalidRequest errors =
        let listed = List.truncate FaultyField.Most errors

        {
            create "invalid-request" 400 "The request cannot be carried out as it is" (sentences listed) with
                Errors = listed
        }

    /// 404: what a field of the request names is not there.
    let notFound field (received: string) expected =
        let error = FaultyField.create field (Some received) expected

        {
            create "not-found" 404 "Not found" error.Detail with
                Errors = [ error ]
        }

    /// 409: what a field of the request asks for is not so any more.
    let conflict field received expected =
        let error = FaultyField.create field received expected

        {
            create "conflict" 409 "The state has changed meanwhile" error.Detail with
                Errors = [ error ]
        }

    /// 421: the request is for another server.
    let wrongHost (host: string) =
        create
            "wrong-host"
            421
            "This server does not answer to that host name"
            $"The request is for the host '{host}'. GFLOW_ALLOWED_HOSTS names the hosts that this server answers to; with the default password it answers to this machine's own names only."

    let unknownRoute (path: string) =
        create "unknown-route" 404 "There is no such route" $"The server has nothing at {path}."

    let wrongMethod (method: string) (allowed: string list) =
        let allow = String.concat ", " allowed

        {
            create "wrong-method" 405 "This route does not take that method" $"Expected {allow}, but {method} came." with
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
            "This change does not come from the console"
            "A change that is signed in by the session cookie needs the header X-GopherFlow: console."

    let notAllowed (role: string) (needed: string list) =
        let needed = String.concat " or " needed
        create "not-allowed" 403 "Your role does not allow this" $"This takes the role {needed}; yours is {role}."

    let deployingIsOff =
        create
            "deploying-is-off"
            403
            "Scripts are not deployed over the API here"
            "GFLOW_SCRIPTS_DEPLOY is false on this server; its scripts come from the folder GFLOW_SCRIPTS_DIR alone."

    /// 422: a source with faults.
    let scriptRefused (name: string) (first: string) (diagnostics: obj) = {
        create
            "script-refused"
            422
            "The script has faults"
            $"Script {name} is not deployed, and what ran before goes on. The first fault: {first}" with
            Facts = [ "diagnostics", diagnostics ]
    }

    /// 409: an operation that the workflow's state or status does not allow.
    let notInThatState (workflowId: int64) (state: string) (status: string) (expected: string) = {
        create
            "conflict"
            409
            "The workflow is not as the operation needs it"
            $"Workflow {workflowId} is in state {state} ({status}); expected {expected}." with
            Facts = [ "workflowId", workflowId; "currentState", state; "currentStatus", status ]
    }

    /// 409: there is nothing to go back to.
    let nothingToRollBackTo (reason: string) =
        create "nothing-to-roll-back-to" 409 "There is no older version" reason

    /// 409: workflows that the new version has no state for.
    let moveRefused (refusals: string list) (plan: obj) = {
        create "move-refused" 409 "Not all of the workflows can be moved, so none was" (String.concat " " refusals) with
            Facts = [ "refusals", refusals; "plan", plan ]
    }

    /// 503: no more event streams.
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

    /// 429: passwords are slow to check, and too many are being checked.
    let tooManyPasswords = {
        create
            "too-many-attempts"
            429
            "Too many attempts to sign in"
            "Many passwords are being checked just now. Try again in a moment." with
            Headers = [ "Retry-After", "1" ]
    }

    /// 409: a name or an identity is another user's.
    let nameTaken (name: string) =
        let error =
            FaultyField.create "username" (Some $"'{name}', which is taken") "a name that no user has"

        {
            create "name-taken" 409 "There is such a user already" error.Detail with
                Errors = [ error ]
        }

    /// 409: a name is another schedule's.
    let scheduleExists (name: string) =
        let error =
            FaultyField.create "name" (Some $"'{name}', which is taken") "a name that no schedule has"

        {
            create "name-taken" 409 "There is such a schedule already" error.Detail with
                Errors = [ error ]
        }

    /// 409: code owns it.
    let declaredInCode (name: string) =
        create
            "declared-in-code"
            409
            "The schedule is declared in code"
            $"The schedule '{name}' is declared in the code of the application and is changed there. Here it can be paused, resumed and triggered."

    /// 409: somebody has to be able to let others in.
    let lastAdmin =
        create
            "last-admin"
            409
            "The last enabled admin has to stay one"
            "Make another user an enabled admin first; then this one can be disabled, lowered or deleted."

    /// 422: the old password that goes with a new one.
    let wrongOldPassword =
        create "wrong-old-password" 422 "The password is not changed" "The old password is wrong."

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
            create "wrong-content-type" 415 "The body is not of a type that is understood" error.Detail with
                Errors = [ error ]
        }

    /// A fault of the HTTP request that the web server itself found.
    let badRequest status detail =
        create "bad-request" status "Invalid HTTP request" detail

    let waitTimedOut (workflowId: int64) (state: string) (status: string) = {
        create
            "wait-timed-out"
            504
            "The wait ended before the workflow was there"
            $"Workflow {workflowId} is in state {state} ({status})." with
            Facts = [ "workflowId", workflowId; "currentState", state; "currentStatus", status ]
    }

    let waitEnded (workflowId: int64) (state: string) (status: string) = {
        create
            "workflow-ended"
            409
            "The workflow ended in another state"
            $"Workflow {workflowId} ended in state {state} ({status}); it will not reach a state that was waited for." with
            Facts = [ "workflowId", workflowId; "currentState", state; "currentStatus", status ]
    }

    let private tryAgain = [ "Retry-After", "1" ]

    let databaseBusy = {
        create "database-busy" 503 "The database does not answer" "The same request may succeed later." with
            Headers = tryAgain
    }

    /// 503: too many creates wait already.
    let overloaded (reason: string) = {
        create "overloaded" 503 "Too many workflows wait to be created" reason with
            Headers = tryAgain
    }

    /// 503: what keeps the executor from its work.
    let notReady (reasons: string list) = {
        create "not-ready" 503 "The executor cannot do its work now" (String.concat " " reasons) with
            Facts = [ "reasons", reasons ]
            Headers = tryAgain
    }

    let stopping = {
        create "stopping" 503 "The server is stopping" "The same request may succeed later." with
            Headers = tryAgain
    }

    let unexpected =
        create "unexpected" 500 "Something went wrong here" "It was logged under the trace id of this answer."
