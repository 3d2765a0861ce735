namespace GopherFlow.Server

open System
open GopherFlow.Authoring
open GopherFlow.Contract
open GopherFlow.Operations
open GopherFlow.Rules
open Microsoft.AspNetCore.Http

/// Operations on one workflow: one function each.
module internal WorkflowChanges =

    let private unknown (workflow: WorkflowRecord) =
        Problem.notFound "id" (string workflow.Id) "the id of a workflow"

    /// The state and status of a workflow after a refused operation; those from before it if the store did not return them.
    let private standing (workflow: WorkflowRecord) (result: OperationResult) =
        let state = Option.ofObj result.CurrentState |> Option.defaultValue workflow.State

        let status =
            Option.ofNullable result.CurrentStatus |> Option.defaultValue workflow.Status

        state, status.ToName()

    /// The response to an operation: the result of the change, or the reason why nothing was changed.
    let answer (workflow: WorkflowRecord) (expected: string) (whenChanged: unit -> Answer) (result: OperationResult) =
        match result.Verdict with
        | OperationVerdict.Changed -> whenChanged ()
        | OperationVerdict.Conflict ->
            let state, status = standing workflow result
            Refusal(Problem.notInThatState workflow.Id state status expected)
        | _ -> Refusal(unknown workflow)

    let private isDone () = Content({ Ok = true }: Changed)

    let private changed (workflow: WorkflowRecord) (result: OperationResult) () =
        let state, status = standing workflow result
        Content({ State = state; Status = status }: ChangedWorkflow)

    /// The response to a move with `fromStates`.
    let movedFrom (workflow: WorkflowRecord) (fromStates: string list) whenChanged (result: OperationResult) =
        match result.Verdict with
        | OperationVerdict.Conflict when not fromStates.IsEmpty ->
            let state, _ = standing workflow result
            let received = Excerpt.ofText (String.Join(", ", fromStates))
            Refusal(Problem.conflict "fromStates" (Some received) $"the current state, {state}, among them")
        | _ -> answer workflow "another state or status" whenChanged result

    /// POST /api/workflows/{id}/state.
    let move (services: Services) (caller: Caller) (workflow: WorkflowRecord, request: StateRequest) : Handler =
        fun http ->
            task {
                let change =
                    MoveWorkflow(
                        WorkflowId = workflow.Id,
                        State = request.State,
                        NextActivation = Option.toNullable request.NextActivation,
                        FromStates = request.FromStates,
                        Force = request.Force,
                        Actor = caller.Username
                    )

                let! result = services.Interventions.MoveAsync(change, http.RequestAborted)
                return movedFrom workflow request.FromStates isDone result
            }

    let private changeVariables services (caller: Caller) (workflow: WorkflowRecord) (changes: VariableChange list) =
        fun (http: HttpContext) ->
            task {
                let! result =
                    services.Interventions.ChangeVariablesAsync(
                        workflow.Id,
                        changes,
                        caller.Username,
                        http.RequestAborted
                    )

                return answer workflow "variables that are as expected" isDone result
            }

    /// POST /api/workflows/{id}/statevars.
    let setVariable services caller (workflow: WorkflowRecord, variable: VariableChange) : Handler =
        changeVariables services caller workflow [ variable ]

    /// Maps a field name of the kernel to its path in a body with `set` and `remove`.
    let private pathInChanges (field: string) =
        match field with
        | "value" -> "set"
        | _ -> field

    /// PATCH /api/workflows/{id}/variables.
    let patchVariables services caller (workflow: WorkflowRecord, changes: VariableChange list) : Handler =
        Endpoint.rejectingAs pathInChanges (changeVariables services caller workflow changes)

    /// POST /api/workflows/{id}/cancel.
    let cancel (services: Services) (caller: Caller) (workflow: WorkflowRecord, children: bool) : Handler =
        fun http ->
            task {
                let request =
                    CancelWorkflow(WorkflowId = workflow.Id, Children = children, Actor = caller.Username)

                let! result = services.Interventions.CancelAsync(request, http.RequestAborted)

                let cancelled () =
                    let state, status = standing workflow result.Workflow

                    Content(
                        {
                            State = state
                            Status = status
                            Descendants = result.Descendants
                        }
                        : CancelledWorkflow
                    )

                return answer workflow "a workflow that has not ended" cancelled result.Workflow
            }

    /// POST /api/workflows/{id}/pause.
    let pause (services: Services) (caller: Caller) (workflow: WorkflowRecord, ()) : Handler =
        fun http ->
            task {
                let! result =
                    services.Interventions.PauseAsync(workflow.Id, caller.Username, http.RequestAborted)

                return answer workflow "a workflow that has not ended" (changed workflow result) result
            }

    /// POST /api/workflows/{id}/resume.
    let resume (services: Services) (caller: Caller) (workflow: WorkflowRecord, ()) : Handler =
        fun http ->
            task {
                let! result =
                    services.Interventions.ResumeAsync(workflow.Id, caller.Username, http.RequestAborted)

                return answer workflow "a workflow that is paused" (changed workflow result) result
            }

    /// POST /api/workflows/{id}/retry.
    let retry (services: Services) (caller: Caller) (workflow: WorkflowRecord, ()) : Handler =
        fun http ->
            task {
                let! result =
                    services.Interventions.RetryAsync(workflow.Id, caller.Username, http.RequestAborted)

                return
                    answer
                        workflow
                        "a workflow that has failed in a state with a function, or waits for its next attempt"
                        (changed workflow result)
                        result
            }

    /// POST /api/workflows/{id}/runAgain.
    let runAgain (services: Services) (caller: Caller) (workflow: WorkflowRecord, request: RunAgainRequest) : Handler =
        Endpoint.rejectingAs pathInChanges (fun http ->
            task {
                let change =
                    RunWorkflowAgain(
                        WorkflowId = workflow.Id,
                        State = Option.toObj request.State,
                        Variables = request.Variables,
                        Actor = caller.Username
                    )

                let! result = services.Interventions.RunAgainAsync(change, http.RequestAborted)
                return answer workflow "variables that are as expected" (changed workflow result) result
            })

    /// PATCH /api/workflows/{id}.
    let place (services: Services) (caller: Caller) (workflow: WorkflowRecord, request: PlaceRequest) : Handler =
        fun http ->
            task {
                let change =
                    PlaceWorkflow(
                        WorkflowId = workflow.Id,
                        Priority = Option.toNullable request.Priority,
                        ExecutorGroup = Option.toObj request.ExecutorGroup,
                        Actor = caller.Username
                    )

                let! result = services.Interventions.PlaceAsync(change, http.RequestAborted)
                return answer workflow "a workflow that has not ended" (changed workflow result) result
            }

    /// DELETE /api/workflows/{id}.
    let delete (services: Services) (caller: Caller) (workflow: WorkflowRecord) : Handler =
        fun http ->
            task {
                let! result =
                    services.Interventions.DeleteAsync(workflow.Id, caller.Username, http.RequestAborted)

                return answer workflow "a workflow that has ended" (fun () -> NoContent) result
            }
