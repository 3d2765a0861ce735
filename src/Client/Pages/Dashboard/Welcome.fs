/// The first steps, shown while there are no workflows.
module GopherFlow.Client.Pages.Dashboard.Welcome

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types

let private step (icon: ReactElement) (text: string) (more: string) (action: ReactElement) : ReactElement =
    Html.li [
        prop.key text
        prop.className "card step"
        prop.children [
            Html.div [ prop.className "step-head"; prop.children [ icon; Html.h2 text ] ]
            Html.p [ prop.className "lead"; prop.text more ]
            Html.div [ action ]
        ]
    ]

let private startStep (session: Session) =
    step
        Icons.play
        "Start a workflow"
        "Choose a definition, give it its variables, and watch it run on its diagram."
        (if Session.mayChange session then
             linkWith Router.StartChoice [ prop.className "button primary"; prop.text "Start workflow" ]
         else
             Html.span [
                 prop.className "faint"
                 prop.text "Viewers cannot start workflows; ask an operator to start one."
             ])

let private scriptStep =
    step
        Icons.script
        "Write a script"
        "A workflow is a script in F#: its states, and what each of them does. The demos are examples."
        (linkWith Router.Scripts [ prop.className "button"; prop.text "Scripts" ])

let private docsStep =
    step
        Icons.book
        "Use the API"
        "Your programs create workflows and send signals over HTTP. You can try the API in its documentation."
        (Html.a [ prop.className "button"; prop.href "/api/docs"; prop.text "API docs" ])

let view (session: Session) : ReactElement =
    Html.section [
        prop.className "welcome"
        prop.ariaLabel "First steps"
        prop.children [
            Html.p [
                prop.className "lead"
                prop.text "There are no workflows yet. Workflows that fail, wait for you or run appear here. To begin:"
            ]
            Html.ol [
                prop.className "steps"
                prop.children [ startStep session; scriptStep; docsStep ]
            ]
        ]
    ]
