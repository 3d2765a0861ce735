/// The list of scripts beside the editor: which have errors, are disabled, or have a draft in this browser.
module GopherFlow.Client.Pages.Studio.Aside

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages

let private tone (script: Script option) : string * string =
    match script with
    | Some { Refused = Some _ } -> "bad", "its last source was refused"
    | Some { Enabled = false } -> "bad", "disabled"
    | Some { CurrentVersion = Some _ } -> "fine", "enabled"
    | _ -> "idle", "never deployed"

let private entry (current: string) (drafts: string list) (name: string) (script: Script option) : ReactElement =
    let tone, word = tone script

    Html.li [
        prop.key name
        prop.children [
            linkWith (Router.Script name) [
                prop.className "aside-entry"
                prop.title $"{name}, {word}"
                if name = current then
                    prop.ariaCurrent "page"
                prop.children [
                    Html.span [ prop.className "aside-dot"; prop.data ("tone", tone) ]
                    Html.span [ prop.className "value"; prop.text name ]
                    Html.span [ prop.className "visually-hidden"; prop.text $", {word}" ]
                    if List.contains name drafts then
                        Html.span [ prop.className "tag draft"; prop.text "draft" ]
                ]
            ]
        ]
    ]

/// All scripts, including those that exist only as a draft or are open.
let names (current: string) (drafts: string list) (scripts: Script list) : (string * Script option) list =
    let known = scripts |> List.map (fun script -> script.Name, Some script)

    let isKnown name =
        scripts |> List.exists (fun script -> script.Name = name)

    let others =
        current :: drafts
        |> List.distinct
        |> List.filter (isKnown >> not)
        |> List.map (fun name -> name, None)

    known @ others |> List.sortBy (fun (name, _) -> name.ToLowerInvariant())

let view =
    React.functionComponent (
        "ScriptList",
        fun (props: {| current: string; session: Session |}) ->
            let scripts = Queries.useScripts ()
            let drafts = Drafts.names ()
            let known: Script list = scripts.Data |> Option.defaultValue []

            Html.nav [
                prop.className "studio-aside"
                prop.ariaLabel "Scripts"
                prop.children [
                    Html.ul [
                        prop.children [
                            for name, script in names props.current drafts known ->
                                entry props.current drafts name script
                        ]
                    ]
                    NewScript.button {|
                        session = props.session
                        taken = known |> List.map (fun script -> script.Name)
                    |}
                ]
            ]
    )
