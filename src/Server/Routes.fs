namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Contract
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing

/// The routes of the server: `api` reads as the API, `map` hands it to ASP.NET Core.
module Routes =

    open Inputs
    open Route

    let private post = HttpMethods.Post
    let private put = HttpMethods.Put
    let private patch = HttpMethods.Patch
    let private delete = HttpMethods.Delete

    let private noWorkflow =
        Problem.notFound "id" "17" "the id or external id of a workflow"

    let private conflict =
        Problem.notInThatState 17L "Ship" "FINISHED" "a workflow that has not ended"

    let private sessions =
        [
            openToAll
                post
                (Some "session.signIn")
                "signIn"
                "/api/session"
                "Signs in: the answer sets the session cookie."
                (body Requests.signIn)
                (sends<Session> "Who is signed in.")
                Sessions.signIn
            |> taking """{"username":"admin","password":"correct horse battery staple"}"""
            |> refusing [ Problem.wrongPassword; Problem.tooManyAttempts (TimeSpan.FromSeconds 30.) ]
            getAs
                "getSession"
                "/api/session"
                "Who is signed in."
                nothing
                (sends<Session> "Who is signed in.")
                Sessions.current
            change
                delete
                SignedIn
                "session.signOut"
                "signOut"
                "/api/session"
                "Signs out."
                nothing
                (sendsNothing "The session has ended.")
                Sessions.signOut
            openToAll
                HttpMethods.Get
                None
                "getSignInMethods"
                "/api/session/methods"
                "How people can sign in here."
                nothing
                (sends<SignInMethods> "The ways.")
                Sessions.methods
            openToAll
                HttpMethods.Get
                None
                "startOpenIdConnect"
                OpenIdConnect.StartPath
                "Sends the browser to the OpenID Connect provider, from where it comes back signed in, or with signInProblem in the query."
                nothing
                [
                    {
                        Status = StatusCodes.Status302Found
                        Content = None
                        ContentType = None
                        Description = "To the provider."
                    }
                ]
                (fun _ () -> OpenIdConnect.start)
            |> refusing [ Problem.unknownRoute OpenIdConnect.StartPath ]
            change
                post
                SignedIn
                "user.password"
                "changePassword"
                "/api/session/password"
                "Changes the own password. All other sessions of the user end."
                (body AccountRequests.changePassword)
                (sendsNothing "It is changed.")
                OwnAccount.changePassword
            |> taking """{"oldPassword":"correct horse battery staple","newPassword":"another long password"}"""
            |> refusing [ Problem.wrongOldPassword; Problem.tooManyPasswords ]
        ]
        |> about "Sessions"

    let private userId = pathId "id" "a user"

    let private userAnd request =
        input {
            let! id = userId
            and! request = request
            return id, request
        }

    let private noUser = Users.unknown 17L

    let private users =
        [
            getAsAdmin
                "listUsers"
                "/api/users"
                "The users, by id."
                (page Page.Usual)
                (sends<UserPage> "A page.")
                Users.list
            change
                post
                Admins
                "user.create"
                "createUser"
                "/api/users"
                "Adds a user. One without a password signs in with a provider, or when an admin has set one."
                (body AccountRequests.createUser)
                (creates<User> "The user.")
                Users.create
            |> taking """{"username":"ann","password":"a long password","role":"operator"}"""
            |> refusing [ Problem.nameTaken "ann"; Problem.tooManyPasswords ]
            getAs
                "getUser"
                "/api/users/{id}"
                "One user; for admins, and for the user."
                userId
                (sends<User> "The user.")
                Users.get
            |> refusing [ noUser ]
            change
                patch
                Admins
                "user.change"
                "changeUser"
                "/api/users/{id}"
                "Changes a user. Disabling ends all sessions at once, and a new password ends them too."
                (userAnd (body AccountRequests.changeUser))
                (sends<User> "The user as it is now.")
                Users.change
            |> taking """{"role":"viewer","enabled":true}"""
            |> refusing [ noUser; Problem.lastAdmin; Problem.tooManyPasswords ]
            change
                delete
                Admins
                "user.delete"
                "deleteUser"
                "/api/users/{id}"
                "Deletes a user with all sessions and keys. The audit log and the histories keep the name."
                userId
                (sendsNothing "It is deleted.")
                Users.delete
            |> refusing [ noUser; Problem.lastAdmin ]
            getAs
                "listSessions"
                "/api/users/{id}/sessions"
                "The open sessions of a user, newest first; for admins, and for the user."
                userId
                (sends<UserSession list> "The sessions.")
                OwnAccount.sessions
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "session.endAll"
                "endSessions"
                "/api/users/{id}/sessions"
                "Ends all sessions of a user, but for the one of this request; for admins, and for the user."
                userId
                (sends<EndedSessions> "How many.")
                OwnAccount.endSessions
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "session.end"
                "endSession"
                "/api/users/{id}/sessions/{sessionId}"
                "Ends a session of a user; for admins, and for the user."
                (userAnd (pathId "sessionId" "a session"))
                (sendsNothing "It has ended.")
                OwnAccount.endSession
            |> refusing [ noUser ]
            getAs
                "listApiKeys"
                "/api/users/{id}/keys"
                "The API keys of a user, newest first; for admins, and for the user."
                userId
                (sends<ApiKey list> "The keys, without the keys themselves.")
                OwnAccount.keys
            |> refusing [ noUser ]
            change
                post
                SignedIn
                "apiKey.create"
                "createApiKey"
                "/api/users/{id}/keys"
                "Adds an API key, with a role no higher than that of whoever asks and of the user; for admins, and for the user. The key itself is in this answer alone."
                (userAnd (body AccountRequests.createApiKey))
                (creates<CreatedApiKey> "The key.")
                OwnAccount.createKey
            |> taking """{"name":"nightly import","role":"operator","expires":"2036-01-01T00:00:00Z"}"""
            |> refusing [ noUser ]
            change
                delete
                SignedIn
                "apiKey.revoke"
                "revokeApiKey"
                "/api/users/{id}/keys/{keyId}"
                "Revokes an API key; for admins, and for the user."
                (userAnd (pathId "keyId" "a key"))
                (sendsNothing "It opens nothing any more.")
                OwnAccount.revokeKey
            |> refusing [ noUser ]
        ]
        |> about "Users"

    let private audit =
        [
            getAsAdmin
                "searchAuditLog"
                "/api/audit"
                "The audit log: what people and their keys have changed, newest first. Everything that is given must hold."
                AuditEntries.search
                (sends<AuditLogPage> "A page.")
                AuditEntries.list
        ]
        |> about "Audit"

    let private definitionName = pathText "name" "the name of a definition"

    let private namedDefinition =
        input {
            let! name = definitionName

            and! version =
                queryText "version" "a version of the definition; the newest when it is not given"

            return name, version
        }

    let private noDefinition = Definitions.unknown "Order"

    let private definitions =
        [
            get
                "listDefinitions"
                "/api/definitions"
                "The newest version of every definition, by name."
                nothing
                (sends<Definition list> "The definitions.")
                Definitions.list
            get
                "getDefinition"
                "/api/definitions/{name}"
                "One definition: its newest version, or the one that the query names."
                namedDefinition
                (sends<Definition> "The definition.")
                Definitions.get
            |> refusing [ noDefinition ]
            get
                "listDefinitionVersions"
                "/api/definitions/{name}/versions"
                "The versions of a definition, the newest first."
                definitionName
                (sends<DefinitionVersion list> "The versions.")
                DefinitionVersions.list
            |> refusing [ noDefinition ]
            change
                post
                Operators
                "definition.move"
                "moveToVersion"
                "/api/definitions/{name}/move"
                "Moves workflows from one version to another: all of them or none. A dry run unless dryRun is false."
                (input {
                    let! name = definitionName
                    and! request = body ScriptRequests.move
                    return name, request
                })
                (sends<VersionMove> "What the move does, or would do.")
                DefinitionVersions.move
            |> taking """{"from":"1","to":"2","states":{"Review":"Check"},"dryRun":true}"""
            |> refusing [
                noDefinition
                Problem.moveRefused [ "Version 2 has no state Review." ] (List.empty<StateMove>)
            ]
        ]
        |> about "Definitions"

    let private scriptName = pathText "name" "the name of a script"

    let private named decoder =
        input {
            let! name = scriptName
            and! request = body decoder
            return name, request
        }

    let private scriptVersion =
        input {
            let! name = scriptName
            and! version = pathText "version" "a version of the script"
            return name, version
        }

    let private twoVersions =
        input {
            let! name = scriptName
            and! from = requiredText "from" "a version of the script"
            and! target = requiredText "to" "a version of the script"
            return name, from, target
        }

    let private noScript = Scripts.unknown "Approval"

    let private scripts =
        [
            get
                "listScripts"
                "/api/scripts"
                "Every script, by name."
                nothing
                (sends<Script list> "The scripts, without their sources.")
                Scripts.list
            compute
                Admins
                "checkScript"
                "/api/scripts/check"
                "Compiles a source and says what is wrong with it. Nothing is stored."
                (body ScriptRequests.check)
                (sends<CheckedScript> "What was found.")
                ScriptChanges.check
            |> taking """{"name":"Hello","source":"let workflow = ..."}"""
            compute
                Admins
                "tryScript"
                "/api/scripts/try"
                "Compiles a source and runs one workflow of it in memory; waits are skipped. Nothing is stored."
                (body ScriptRequests.tryOut)
                (sends<TriedScript> "What the workflow did, or what is wrong with the source.")
                ScriptChanges.tryOut
            |> taking """{"name":"Hello","source":"let workflow = ...","stateVars":{"customer":"17"},"stepLimit":100}"""
            get
                "getScript"
                "/api/scripts/{name}"
                "One script, with its current source and its versions."
                scriptName
                (sends<ScriptDetails> "The script.")
                Scripts.get
            |> refusing [ noScript ]
            change
                put
                Admins
                "script.deploy"
                "deployScript"
                "/api/scripts/{name}"
                "Compiles a source and makes it the current version."
                (named ScriptRequests.deploy)
                (sends<CurrentVersion> "The version that is current now.")
                (ScriptChanges.whereDeployingIsOn ScriptChanges.deploy)
            |> taking """{"source":"let workflow = ..."}"""
            |> refusing [
                Problem.deployingIsOff
                Problem.scriptRefused "Hello" "Hello.fsx(3,5): error FS0039" (List.empty<Diagnostic>)
            ]
            get
                "getScriptVersion"
                "/api/scripts/{name}/versions/{version}"
                "One version of a script, with its source."
                scriptVersion
                (sends<ScriptSource> "The version.")
                Scripts.getVersion
            |> refusing [ noScript ]
            get
                "compareScriptVersions"
                "/api/scripts/{name}/differences"
                "Two versions of a script, line by line."
                twoVersions
                (sends<Differences> "The files that differ.")
                Scripts.differences
            |> refusing [ noScript ]
            change
                post
                Admins
                "script.rollback"
                "rollBackScript"
                "/api/scripts/{name}/rollback"
                "Makes an older version the current one: the one before, or the one that is named."
                (named ScriptRequests.rollback)
                (sends<CurrentVersion> "The version that is current now.")
                (ScriptChanges.whereDeployingIsOn ScriptChanges.rollback)
            |> taking """{"version":"3f9a"}"""
            |> refusing [
                noScript
                Problem.deployingIsOff
                Problem.nothingToRollBackTo "Approval has one version."
            ]
            change
                post
                Admins
                "script.enable"
                "enableScript"
                "/api/scripts/{name}/enable"
                "Lets workflows of a script run again."
                (named OperationRequests.nothing)
                (sends<Changed> "It is enabled.")
                (ScriptChanges.enable true)
            |> refusing [ noScript ]
            change
                post
                Admins
                "script.disable"
                "disableScript"
                "/api/scripts/{name}/disable"
                "Keeps workflows of a script from running, and new ones from being created."
                (named OperationRequests.nothing)
                (sends<Changed> "It is disabled.")
                (ScriptChanges.enable false)
            |> refusing [ noScript ]
        ]
        |> about "Scripts"

    let private workflowAnd request =
        input {
            let! workflow = workflow
            and! request = request
            return workflow, request
        }

    let private changeOf decoder = workflowAnd (body decoder)

    let private operation name action summary input replies handle =
        change post Operators $"workflow.{action}" name $"/api/workflows/{{id}}/{action}" summary input replies handle
        |> refusing [ noWorkflow; conflict ]

    let private workflows =
        [
            change
                post
                Operators
                "workflow.create"
                "createWorkflow"
                "/api/workflows"
                "Creates a workflow. One with the same external id that is there is left as it is, and its id is the answer; 409 when it is of another type or has another business key."
                Workflows.createInput
                (creates<CreatedWorkflow> "It was created.")
                Workflows.create
            |> alsoReplying (sends<CreatedWorkflow> "There was one with this external id.")
            |> taking
                """{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default","stateVars":{"amount":250}}"""
            |> refusing [
                Problem.conflict "workflowType" (Some "Order") "'Refund', as of workflow 17, which has this external id"
                Problem.overloaded "2000 creates wait already."
            ]
            query
                "searchWorkflows"
                "/api/workflows/search"
                "Workflows, newest first. Everything that is given must hold, but that id, externalId and businessKey are alternatives to each other."
                (body FilterRequests.search)
                (sends<WorkflowPage> "A page.")
                Workflows.search
            |> taking """{"filter":{"workflowTypes":["Order"],"statuses":["FAILED","ERROR"]},"limit":50}"""
            get
                "getWorkflow"
                "/api/workflows/{id}"
                "One workflow."
                (pathId "id" "a workflow")
                (sends<Workflow> "The workflow.")
                Workflows.get
            |> refusing [ noWorkflow ]
            get
                "getWorkflowByExternalId"
                "/api/workflowByExternalId/{externalId}"
                "One workflow by its external id."
                (pathText "externalId" "the external id of a workflow")
                (sends<Workflow> "The workflow.")
                Workflows.getByExternalId
            |> refusing [ noWorkflow ]
            get
                "listChildren"
                "/api/workflows/{id}/children"
                "The children of a workflow, oldest first, without their variables."
                (workflowAnd (page Page.Usual))
                (sends<WorkflowPage> "A page.")
                Workflows.children
            |> refusing [ noWorkflow ]
            get
                "getCounts"
                "/api/counts"
                "How many workflows there are of each type, version, state and status. Read from counters, not counted."
                nothing
                (sends<WorkflowCount list> "The counts.")
                Workflows.counts
            change
                post
                Operators
                "workflow.createAndWait"
                "createAndWait"
                "/api/createAndWait"
                "Creates a workflow and waits until it is in one of the states; with none, until it has ended or waits for a person."
                (body Requests.createAndWait)
                (sends<Workflow> "The workflow as it is then.")
                Waits.createAndWait
            |> taking
                """{"createWorkflowRequest":{"externalId":"order-17","workflowType":"Order","businessKey":"customer 4","executorGroup":"default"},"waitSeconds":30,"waitForStates":["Done"]}"""
            |> refusing [
                Problem.waitTimedOut 17L "Review" "WAITING"
                Problem.waitEnded 17L "Failed" "ERROR"
            ]
            change
                post
                Operators
                "workflow.stateAndWait"
                "changeStateAndWait"
                "/api/workflows/{id}/stateAndWait"
                "Moves a workflow to a state, and waits as createAndWait does."
                (changeOf Requests.stateAndWait)
                (sends<Workflow> "The workflow as it is then.")
                Waits.stateAndWait
            |> taking
                """{"updateWorkflowStateRequest":{"state":"Ship"},"fromStates":["Review"],"waitSeconds":30,"waitForStates":["Done"]}"""
            |> refusing [
                noWorkflow
                conflict
                Problem.waitTimedOut 17L "Review" "WAITING"
                Problem.waitEnded 17L "Failed" "ERROR"
            ]
        ]
        |> about "Workflows"

    let private operations =
        [
            operation
                "changeState"
                "state"
                "Moves a workflow to a state, whatever it is doing."
                (changeOf Requests.state)
                (sends<Changed> "It was moved.")
                WorkflowChanges.move
            |> taking """{"state":"Ship","fromStates":["Review"]}"""
            operation
                "setVariable"
                "statevars"
                "Sets one variable."
                (changeOf Requests.variable)
                (sends<Changed> "It was set.")
                WorkflowChanges.setVariable
            |> taking """{"key":"amount","value":250,"expected":200}"""
            change
                patch
                Operators
                "workflow.variables"
                "changeVariables"
                "/api/workflows/{id}/variables"
                "Sets and removes variables, all of them or none; with what they are expected to be before, if given. Null expects that there is none."
                (changeOf VariableRequests.patch)
                (sends<Changed> "They were changed.")
                WorkflowChanges.patchVariables
            |> taking """{"set":{"amount":250},"remove":["note"],"expected":{"amount":200}}"""
            |> refusing [ noWorkflow; conflict ]
            operation
                "cancelWorkflow"
                "cancel"
                "Cancels a workflow: it ends as CANCELLED, or goes to the state that its definition names for that."
                (changeOf OperationRequests.cancel)
                (sends<CancelledWorkflow> "It was cancelled.")
                WorkflowChanges.cancel
            |> taking """{"children":true}"""
            operation
                "pauseWorkflow"
                "pause"
                "Pauses a workflow. A step that runs ends first."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "It is paused, or will be when its step has ended.")
                WorkflowChanges.pause
            operation
                "resumeWorkflow"
                "resume"
                "Has a paused workflow go on where it was."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "It goes on.")
                WorkflowChanges.resume
            operation
                "retryWorkflow"
                "retry"
                "Makes the next attempt now: of a workflow that waits for it, or that has failed."
                (changeOf OperationRequests.nothing)
                (sends<ChangedWorkflow> "The attempt is due.")
                WorkflowChanges.retry
            operation
                "runWorkflowAgain"
                "runAgain"
                "Runs a workflow again from one of its states, whatever it is doing or has ended as."
                (changeOf OperationRequests.runAgain)
                (sends<ChangedWorkflow> "It runs again.")
                WorkflowChanges.runAgain
            |> taking """{"state":"Ship","set":{"address":"Main Street 5"}}"""
            change
                patch
                Operators
                "workflow.place"
                "placeWorkflow"
                "/api/workflows/{id}"
                "Changes the priority or the executor group of a workflow."
                (changeOf OperationRequests.place)
                (sends<ChangedWorkflow> "It was changed.")
                WorkflowChanges.place
            |> taking """{"priority":1,"executorGroup":"night"}"""
            |> refusing [ noWorkflow; conflict ]
            change
                delete
                Operators
                "workflow.delete"
                "deleteWorkflow"
                "/api/workflows/{id}"
                "Deletes a workflow that has ended, with its variables and its history. Its children stay."
                workflow
                (sendsNothing "It was deleted.")
                WorkflowChanges.delete
            |> refusing [ noWorkflow; conflict ]
        ]
        |> about "Operations"

    let private noReceiver =
        Problem.notFound "externalId" "order-17" "a workflow to receive the signal"

    let private signals =
        [
            get
                "listSignals"
                "/api/workflows/{id}/signals"
                "The signals that were sent to a workflow and that no step has taken, oldest first."
                workflow
                (sends<Signal list> "The signals.")
                Signals.list
            |> refusing [ noWorkflow ]
            change
                post
                Operators
                "workflow.signal"
                "signalWorkflow"
                "/api/workflows/{id}/signals"
                "Sends a signal to a workflow. For one that does not wait for it yet, it is kept."
                (changeOf OperationRequests.signal)
                (sends<SentSignal> "The workflow has it.")
                Signals.send
            |> taking """{"name":"paid","key":"payment-9","payload":{"amount":250}}"""
            |> refusing [ noWorkflow; conflict ]
            change
                post
                Operators
                "signal.send"
                "sendSignal"
                "/api/signals"
                "Sends a signal to the workflow with an external id, or to all unfinished ones of a type with a business key; creates one when nobody is there to receive it, if asked to."
                (body OperationRequests.addressedSignal)
                (sends<SentSignal> "The workflows that have it.")
                Signals.sendTo
            |> taking """{"externalId":"order-17","name":"paid","payload":{"amount":250}}"""
            |> refusing [ noReceiver; conflict ]
        ]
        |> about "Signals"

    let private oldestFirst =
        input {
            let! order = queryChoice "order" [ "newest", false; "oldest", true ]
            return defaultArg order false
        }

    let private histories =
        [
            get
                "listActions"
                "/api/actions/byWorkflowId/{id}"
                "The history of a workflow in lines, newest first, as the Go system has it. The cursor of the next page is the id of the last entry."
                (input {
                    let! id = pathId "id" "a workflow"
                    and! page = page 200
                    return id, page
                })
                (sends<Action list> "A page.")
                Histories.actions
            |> refusing [ noWorkflow ]
            get
                "getHistory"
                "/api/workflows/{id}/history"
                "The history of a workflow as data: an entry for each thing that happened to it."
                (input {
                    let! workflow = workflow
                    and! oldestFirst = oldestFirst
                    and! page = page 200
                    return workflow, oldestFirst, page
                })
                (sends<HistoryPage> "A page.")
                Histories.page
            |> refusing [ noWorkflow ]
            get
                "getPath"
                "/api/workflows/{id}/path"
                "The way of a workflow through its states: visits, times, transitions."
                workflow
                (sends<WorkflowPath> "The way.")
                Histories.path
            |> refusing [ noWorkflow ]
            get
                "getVariablesAt"
                "/api/workflows/{id}/variables"
                "The variables of a workflow as they were when an entry of its history had been written."
                (workflowAnd (
                    requiredQuery
                        "at"
                        (Schema.Whole(1L, Int64.MaxValue))
                        "the id of an entry of the history"
                        Page.tryCursor
                ))
                (sends<VariablesAt> "The variables.")
                Histories.variablesAt
            |> refusing [ noWorkflow ]
        ]
        |> about "Histories"

    let private noJob = Problem.notFound "id" "7" "the id of a job"

    let private jobId = pathId "id" "a job"

    let private job =
        """{"operation":{"kind":"cancel","children":true},"filter":{"workflowTypes":["Order"],"createdBefore":"2026-11-01T00:00:00Z"},"reason":"the supplier is gone"}"""

    let private jobs =
        [
            compute
                Operators
                "forecastJob"
                "/api/jobs/forecast"
                "Counts the workflows that a job would be about. Nothing is stored."
                (body JobRequests.start)
                (sends<JobForecast> "The counts.")
                Jobs.forecast
            |> taking job
            change
                post
                Operators
                "job.start"
                "startJob"
                "/api/jobs"
                "Starts a job: an operation on every workflow that a filter means now."
                (body JobRequests.start)
                (creates<Job> "It was stored; an executor works on it.")
                Jobs.start
            |> taking job
            get "listJobs" "/api/jobs" "Jobs, newest first." (page Page.Usual) (sends<JobPage> "A page.") Jobs.list
            get "getJob" "/api/jobs/{id}" "One job, and how far it is." jobId (sends<Job> "The job.") Jobs.get
            |> refusing [ noJob ]
            get
                "listJobFailures"
                "/api/jobs/{id}/failures"
                "The workflows that a job could not change, and why; smallest id first."
                (input {
                    let! id = jobId
                    and! page = page Page.Usual
                    return id, page
                })
                (sends<JobFailurePage> "A page.")
                Jobs.failures
            |> refusing [ noJob ]
            change
                post
                Operators
                "job.cancel"
                "cancelJob"
                "/api/jobs/{id}/cancel"
                "Stops a job. What it has changed stays."
                (input {
                    let! id = jobId
                    and! request = body OperationRequests.nothing
                    return id, request
                })
                (sends<Job> "The job.")
                Jobs.cancel
            |> refusing [
                noJob
                Problem.conflict "id" (Some "job 7, which is DONE") "a job that has not ended"
            ]
        ]
        |> about "Jobs"

    let private watching =
        [
            get
                "getThroughput"
                "/api/throughput"
                "How many workflows ended in each minute of the last hour, by the steps of all executors. It costs the same however many there are."
                nothing
                (sends<Throughput> "The minutes.")
                Activity.throughput
            get
                "listUpcoming"
                "/api/upcoming"
                "The workflows that are due next, the first due before the others, without their variables when those are large."
                (limit 20 100)
                (sends<Workflow list> "The workflows.")
                Activity.upcoming
            get
                "listExecutors"
                "/api/executors"
                "Executors, the one last active first; at most 100."
                nothing
                (sends<Executor list> "The executors.")
                Executors.list
            get
                "getExecutorWork"
                "/api/executors/{id}/work"
                "What an executor runs now."
                (pathId "id" "an executor")
                (sends<ExecutorWork> "Its workflows; at most 100.")
                Executors.work
            getAsAdmin
                "listSettings"
                "/api/settings"
                "The settings under which this server runs, without secrets."
                nothing
                (sends<Setting list> "The settings.")
                SettingsInUse.list
            getAs
                "listen"
                "/api/events"
                "What is committed, as server-sent events: hello, workflow, definition, scripts, and resync when events may be missing. Ends with the caller's session or key."
                LiveEvents.input
                (sendsOther "text/event-stream" "The events, until one side ends them.")
                LiveEvents.stream
            |> refusing [ Problem.tooManyStreams "This server has 2000 streams open." ]
        ]
        |> about "Watching"

    /// Every route under /api, but for the description of the API itself.
    let api =
        [
            workflows
            operations
            signals
            histories
            jobs
            definitions
            scripts
            watching
            sessions
            users
            audit
        ]
        |> List.concat

    let private refuse (problem: HttpContext -> Problem) : Handler =
        fun http -> Task.FromResult(Refusal(problem http))

    /// A stream has no end to wait for, so nobody asks for its head.
    let private methodsOf (route: GopherFlow.Server.Route) =
        let isStream =
            route.Replies
            |> List.exists (fun reply -> reply.ContentType = Some "text/event-stream")

        if route.Method = HttpMethods.Get && not isStream then
            [ HttpMethods.Get; HttpMethods.Head ]
        else
            [ route.Method ]

    let private mapRoute services (endpoints: IEndpointRouteBuilder) (route: GopherFlow.Server.Route) =
        let handler = Audited.handler services route (route.Handler services)

        endpoints.MapMethods(route.Path, methodsOf route, Endpoint.run services handler)
        |> ignore

    /// ASP.NET Core prefers a route with the method of the request to one without, so this answers all the other methods.
    let private mapOtherMethods services (endpoints: IEndpointRouteBuilder) (path: string, allowed: string list) =
        let handler =
            Authorise.signedIn services (fun _ -> refuse (fun http -> Problem.wrongMethod http.Request.Method allowed))

        endpoints.Map(path, Endpoint.run services handler) |> ignore

    /// Whether a pattern takes every path that another one takes, as /api/scripts/{name} takes /api/scripts/check.
    let private takesAll (pattern: string) (path: string) =
        let parts, others = pattern.Split '/', path.Split '/'

        pattern <> path
        && parts.Length = others.Length
        && Seq.forall2 (fun (part: string) other -> part = other || part.StartsWith '{') parts others

    let private unknownRoute services : Handler =
        Authorise.signedIn services (fun _ ->
            refuse (fun http -> Problem.unknownRoute (Excerpt.ofText (http.Request.Path.ToString()))))

    /// Maps the API and the console; routes of the app itself go before the console.
    let map (services: Services) (endpoints: IEndpointRouteBuilder) =
        let routes = api @ ApiDescription.routes api
        routes |> List.iter (mapRoute services endpoints)

        let isTaken path =
            routes |> List.exists (fun other -> takesAll other.Path path)

        routes
        |> List.filter (fun route -> not (isTaken route.Path))
        |> List.groupBy _.Path
        |> List.map (fun (path, same) -> path, List.collect methodsOf same)
        |> List.iter (mapOtherMethods services endpoints)

        endpoints.MapMethods(
            OpenIdConnect.CallbackPath,
            [ HttpMethods.Get ],
            Endpoint.run services OpenIdConnect.callback
        )
        |> ignore

        endpoints.Map("/api/{**rest}", Endpoint.run services (unknownRoute services))
        |> ignore

        endpoints.Map("/{**path}", Endpoint.run services (ConsolePages.page (Assets.all ()))).WithOrder Int32.MaxValue
        |> ignore
