/// The page for choosing the definition to start.
module GopherFlow.Client.Pages.Start.Choice

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api

/// The definitions whose name or description contains every word.
let find (text: string) (definitions: Definition list) : Definition list =
    let words = text.ToLower().Split ' '

    definitions
    |> List.filter (fun definition ->
        let all = $"{definition.Name} {definition.Description}".ToLower()
        words |> Array.forall all.Contains)

let private choice (definition: Definition) : ReactElement =
    Html.li [
        prop.key definition.Name
        prop.children [
            linkWith (Router.Start definition.Name) [
                prop.className "choice"
                prop.children [
                    Html.strong definition.Name
                    Html.span [ prop.className "faint"; prop.text definition.Description ]
                ]
            ]
        ]
    ]

let private list =
    React.functionComponent (
        "StartChoices",
        fun (props: {| definitions: Definition list |}) ->
            let text, setText = React.useState ""
            let found = find text props.definitions

            Html.div [
                prop.className "choices"
                prop.children [
                    Html.input [
                        prop.type' "search"
                        prop.ariaLabel "Search definitions"
                        prop.placeholder "Search definitions"
                        prop.autoFocus true
                        prop.value text
                        prop.onChange setText
                    ]
                    if found.IsEmpty then
                        Basics.empty "No definition matches." []
                    else
                        Html.ul [ prop.className "choices"; prop.children (List.map choice found) ]
                ]
            ]
    )

let view =
    React.functionComponent (
        "StartChoice",
        fun (_: {| session: Session |}) ->
            let definitions = Queries.useDefinitions ()

            Page.view
                {
                    Title = "Start a workflow"
                    Lead = "Choose its definition."
                    Actions = []
                }
                [
                    shown "definitions" definitions (fun definitions ->
                        if definitions.IsEmpty then
                            Basics.empty "There are no definitions yet." [
                                Html.p "They appear when an application that registers workflows has started."
                            ]
                        else
                            list {| definitions = definitions |})
                ]
    )
