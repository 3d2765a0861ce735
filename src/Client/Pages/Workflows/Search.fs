/// The search field: chips for the terms, the text being typed, and suggestions.
module GopherFlow.Client.Pages.Workflows.Search

open GopherFlow.Client.Api
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Pages.Workflows.Suggestions

type Search = {
    Typed: string
    /// The index of the highlighted suggestion.
    Marked: int option
    IsOpen: bool
}

type Key =
    | Enter
    | Up
    | Down
    | Backspace
    | Escape

type Message =
    | Typed of string
    /// The text has not changed for a moment.
    | Settled of string
    | Pressed of Key * offered: Suggestion list
    | Took of Suggestion
    | Removed of Term
    /// Turns a chip back into text.
    | Edited of Term
    | Cleared
    | Opened
    | Closed

/// What to do with the URL.
type Next =
    | Stay
    | Push of WorkflowFilter
    | Replace of WorkflowFilter
    /// Sends Settled after a pause.
    | Wait of string

let private textOf (filter: WorkflowFilter) =
    FilterText.print { filter with Terms = [] }

let init (filter: WorkflowFilter) : Search = {
    Typed = textOf filter
    Marked = None
    IsOpen = false
}

/// The search after the filter of the URL has changed.
let follow (filter: WorkflowFilter) (search: Search) : Search =
    if FilterText.beside search.Typed = filter.Text then
        search
    else
        {
            search with
                Typed = textOf filter
                Marked = None
        }

let private typing (text: string) : Search = {
    Typed = text
    Marked = None
    IsOpen = true
}

let private withTerms (terms: Term list) (rest: string) (filter: WorkflowFilter) : WorkflowFilter = {
    List.fold add filter terms with
        Text = FilterText.beside rest
}

let private typed (filter: WorkflowFilter) (text: string) =
    match FilterText.absorb text with
    | [], _ -> typing text, Wait text
    | terms, rest -> typing rest, Push(withTerms terms rest filter)

let private replaced (filter: WorkflowFilter) (text: string) =
    let next = {
        filter with
            Text = FilterText.beside text
    }

    if next = filter then Stay else Replace next

/// Whether the text may be the start of a field name, which must not be searched for.
let private maybeName (text: string) =
    text <> ""
    && names |> List.exists (fun (name, _) -> name.StartsWith(text.ToLower()))

let private take (filter: WorkflowFilter) (suggestion: Suggestion) (search: Search) =
    let beside = FilterText.beside search.Typed
    let isUnfinished = (FilterText.unfinished search.Typed).IsSome

    match suggestion with
    | Name field when isUnfinished && beside <> "" -> typing $"{beside} {nameOf field}:", Stay
    | Name field -> typing $"{nameOf field}:", Stay
    | Value term ->
        let rest = if isUnfinished then beside else ""
        { typing rest with IsOpen = rest <> "" }, Push(withTerms [ term ] rest filter)

let private enter (filter: WorkflowFilter) (offered: Suggestion list) (search: Search) =
    let chosen =
        search.Marked
        |> Option.bind (fun index -> List.tryItem index offered)
        |> Option.orElse (
            if takesFirst search.Typed offered then
                List.tryHead offered
            else
                None
        )

    match chosen, FilterText.unfinished search.Typed with
    | Some suggestion, _ -> take filter suggestion search
    | None, Some(_, "") -> search, Stay
    | None, Some(field, value) -> take filter (Value(term field value)) search
    | None, None -> { search with IsOpen = false }, replaced filter search.Typed

let private mark (step: int) (offered: Suggestion list) (search: Search) =
    let count = offered.Length

    let next =
        match search.Marked with
        | _ when count = 0 -> None
        | None when step > 0 -> Some 0
        | None -> Some(count - 1)
        | Some index -> Some((index + step + count) % count)

    {
        search with
            Marked = next
            IsOpen = true
    }

let private pressed (filter: WorkflowFilter) (key: Key) (offered: Suggestion list) (search: Search) =
    match key with
    | Enter -> enter filter offered search
    | Down -> mark 1 offered search, Stay
    | Up -> mark -1 offered search, Stay
    | Escape ->
        {
            search with
                IsOpen = false
                Marked = None
        },
        Stay
    | Backspace when search.Typed = "" && not filter.Terms.IsEmpty ->
        search, Push(remove (List.last filter.Terms) filter)
    | Backspace -> search, Stay

let update (filter: WorkflowFilter) (message: Message) (search: Search) : Search * Next =
    match message with
    | Typed text -> typed filter text
    | Settled text when text = search.Typed && not (maybeName text) -> search, replaced filter text
    | Settled _ -> search, Stay
    | Pressed(key, offered) -> pressed filter key offered search
    | Took suggestion -> take filter suggestion search
    | Removed term -> search, Push(remove term filter)
    | Edited term -> typing (FilterText.printTerm term), Push { remove term filter with Text = "" }
    | Cleared -> { typing "" with IsOpen = false }, Push empty
    | Opened -> { search with IsOpen = true }, Stay
    | Closed ->
        {
            search with
                IsOpen = false
                Marked = None
        },
        Stay
