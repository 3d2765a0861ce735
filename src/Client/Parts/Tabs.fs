/// Tabs by the ARIA pattern: arrow keys, Home and End move between them.
module GopherFlow.Client.Parts.Tabs

open Feliz
open Fable.Core.JsInterop

type Tab<'id> = {
    Id: 'id
    Text: string
    /// The number shown on the tab.
    Count: int option
}

let private target (count: int) (index: int) (key: string) : int option =
    match key with
    | "ArrowRight" -> Some((index + 1) % count)
    | "ArrowLeft" -> Some((index + count - 1) % count)
    | "Home" -> Some 0
    | "End" -> Some(count - 1)
    | _ -> None

let private button (tabs: Tab<'id> list) (current: 'id) (choose: 'id -> unit) (index: int) (tab: Tab<'id>) =
    let isCurrent = tab.Id = current

    Html.button [
        prop.key tab.Text
        prop.type' "button"
        prop.role "tab"
        prop.className "tab"
        prop.ariaSelected isCurrent
        prop.tabIndex (if isCurrent then 0 else -1)
        prop.onClick (fun _ -> choose tab.Id)
        prop.onKeyDown (fun event ->
            match target tabs.Length index event?key with
            | Some next ->
                event?preventDefault ()
                choose tabs[next].Id
                event?currentTarget?parentElement?children?item(next)?focus()
            | None -> ())
        prop.children [
            Html.text tab.Text
            match tab.Count with
            | Some count -> Html.span [ prop.className "tab-count"; prop.text count ]
            | None -> ()
        ]
    ]

/// The tabs, and the content of the current one.
let view (label: string) (tabs: Tab<'id> list) (current: 'id) (choose: 'id -> unit) (content: ReactElement) =
    Html.fragment [
        Html.div [
            prop.className "tabs"
            prop.role "tablist"
            prop.ariaLabel label
            prop.children (tabs |> List.mapi (button tabs current choose))
        ]
        Html.div [
            prop.className "tab-body"
            prop.role "tabpanel"
            prop.tabIndex 0
            prop.children [ content ]
        ]
    ]
