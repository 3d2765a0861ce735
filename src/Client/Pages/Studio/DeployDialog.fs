/// The confirmation of a deployment: what it changes, and whose version it replaces.
module GopherFlow.Client.Pages.Studio.DeployDialog

open Feliz
open GopherFlow.Client.Parts
open GopherFlow.Client.Pages.Studio.Model

let private consequence (model: Model) : string =
    match current model.Details with
    | Some _ -> "New workflows start on this source, on every server. Running workflows stay on their version."
    | None -> $"Workflows of the type {model.Name} can be started from then on, on every server."

let view (model: Model) (dispatch: Msg -> unit) : ReactElement =
    if model.Deploying = Idle then
        Html.none
    else
        let isSending = model.Deploying = Sending

        let body =
            Forms.form "dialog-form deploy-form" (fun () -> dispatch Deploy) [
                match overtakenBy model with
                | Some deployed ->
                    Html.div [
                        prop.className "refusal"
                        prop.role "alert"
                        prop.text $"{overtakenText model deployed.Version} Your text replaces it."
                    ]
                | None -> ()
                Html.p [ prop.className "consequence"; prop.text (consequence model) ]
                match current model.Details with
                | Some deployed ->
                    Html.div [
                        prop.className "deploy-changes"
                        prop.tabIndex 0
                        prop.ariaLabel $"What is different from version {deployed.Version}"
                        prop.role "region"
                        prop.children [ ChangesPanel.ofTexts model.Name deployed.Source model.Source ]
                    ]
                | None -> ()
                Html.div [
                    prop.className "form-end"
                    prop.children [
                        Forms.cancel (fun () -> dispatch CancelDeploy)
                        Forms.submit (if isSending then "Deploying…" else "Deploy") isSending
                    ]
                ]
            ]

        Modal.usual $"Deploy {model.Name}" (fun () -> dispatch CancelDeploy) body
