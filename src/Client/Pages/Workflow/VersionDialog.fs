/// The dialog for moving one workflow to another version, by a job.
module GopherFlow.Client.Pages.Workflow.VersionDialog

open Feliz
open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

/// Waits for the job of one workflow. Fails with the reason if the job could not move it.
let rec private finished (id: Id) : JS.Promise<unit> =
    promise {
        let! job = RunCalls.job id

        match job.Status with
        | "QUEUED"
        | "RUNNING" ->
            do! create (fun resolve -> JS.setTimeout resolve 300 |> ignore)
            return! finished id
        | _ when job.Failed > 0.0 || job.Done = 0.0 ->
            let! failures = RunCalls.jobFailures id

            let reason =
                failures.Failures
                |> List.tryHead
                |> Option.map _.Reason
                |> Option.orElse job.Error
                |> Option.defaultValue "The workflow was not moved."

            return!
                rejected (
                    ApiException {
                        Status = 409
                        Title = "It was not moved."
                        Detail = reason
                        Faults = []
                        RetryAfter = None
                    }
                )
        | _ -> return ()
    }

let dialog =
    React.functionComponent (
        "MovingVersion",
        fun
            (props:
                {|
                    workflow: Workflow
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            let versions = Queries.useVersions workflow.WorkflowType
            let chosen, choose = React.useState ""
            let state, setState = React.useState ""

            let others =
                versions.Data
                |> Option.defaultValue []
                |> List.filter (fun version -> version.Registered && version.Version <> workflow.Version)

            let target =
                if chosen <> "" then
                    chosen
                else
                    others
                    |> List.tryFind _.Current
                    |> Option.orElse (List.tryHead others)
                    |> Option.map _.Version
                    |> Option.defaultValue ""

            let definition =
                Queries.useDefinitionVersion workflow.WorkflowType (if target = "" then workflow.Version else target)

            let states =
                definition.Data
                |> Option.map (fun definition -> definition.States |> List.map _.Name)
                |> Option.defaultValue []

            let keeps = List.contains workflow.State states
            let leads = if keeps && state = "" then workflow.State else state

            Dialog.form {|
                title = $"Move workflow {workflow.Id} to another version"
                action = "Move it"
                consequence = [
                    if others.IsEmpty then
                        $"There is no other version of {workflow.WorkflowType} that this server can run."
                    else
                        $"It continues in {leads} on version {target}. The move is a job, listed under Jobs."
                ]
                fields = [
                    if not others.IsEmpty then
                        Forms.choiceField
                            {
                                Label = "Version"
                                Name = "version"
                                Value = target
                                Hint = $"It is on {workflow.Version} now."
                                Fault = None
                                Set = choose
                            }
                            [
                                for version in others do
                                    version.Version,
                                    (if version.Current then
                                         $"{version.Version}, current"
                                     else
                                         version.Version)
                            ]

                        Forms.choiceField
                            {
                                Label = "State there"
                                Name = "version-state"
                                Value = leads
                                Hint =
                                    if keeps then
                                        ""
                                    else
                                        $"The version has no state {workflow.State}."
                                Fault = None
                                Set = setState
                            }
                            [
                                if not keeps then
                                    "", "choose one"
                                for name in states do
                                    name, name
                            ]
                ]
                blocked =
                    (if others.IsEmpty then
                         Some "Nothing to move to."
                     elif leads = "" then
                         Some "Choose the state in which it continues."
                     else
                         None)
                act =
                    fun () ->
                        RunCalls.moveToVersion workflow target (if leads = workflow.State then None else Some leads)
                        |> bind (fun job -> finished job.Id)
                close = props.close
            |}
    )
