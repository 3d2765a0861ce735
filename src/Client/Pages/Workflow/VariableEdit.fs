/// The edit of one variable: its value before and after, and the handling of conflicts with changes by others.
module GopherFlow.Client.Pages.Workflow.VariableEdit

open Fable.Core.JsInterop
open GopherFlow.Client.Api
open GopherFlow.Client.Api.RunCalls

type Edit = {
    /// The number of this edit on the page.
    Number: int
    Name: string
    /// Whether the edit adds a variable, so that its name can be typed.
    IsNew: bool
    IsJson: bool
    Text: string
    /// The expected current value; None when there is no such variable.
    Before: obj option
    /// Whether the variable is removed instead of set.
    Removes: bool
    Busy: bool
    NameFault: string option
    TextFault: string option
    Refusal: string option
}

/// A string as it is, any other value as JSON.
let textOf (value: obj) : string =
    if jsTypeof value = "string" then
        unbox value
    else
        Json.writeIndented value

/// Whether two values are the same JSON.
let same (one: obj option) (other: obj option) : bool =
    Option.map Json.write one = Option.map Json.write other

let private blank: Edit = {
    Number = 0
    Name = ""
    IsNew = true
    IsJson = false
    Text = ""
    Before = None
    Removes = false
    Busy = false
    NameFault = None
    TextFault = None
    Refusal = None
}

let add: Edit = blank

let ofValue (name: string) (value: obj) : Edit = {
    blank with
        Name = name
        IsNew = false
        IsJson = jsTypeof value <> "string"
        Text = textOf value
        Before = Some value
}

let remove (name: string) (value: obj) : Edit = {
    ofValue name value with
        Removes = true
}

/// The value to send: the text itself, or the text parsed as JSON.
let parseValue (isJson: bool) (text: string) : Result<obj, string> =
    if not isJson then
        Ok(box text)
    else
        match Json.tryParse text with
        | Some value -> Ok value
        | None -> Result.Error "This is not JSON. Strings need double quotes, as in \"Julian\"."

/// The value that another user has set since the edit began.
let conflict (now: (string * obj) list) (edit: Edit) : obj option option =
    let current = now |> List.tryFind (fst >> (=) edit.Name) |> Option.map snd

    if edit.Name <> "" && not (same current edit.Before) then
        Some current
    else
        None

/// Continues from the current value and keeps the text.
let accept (current: obj option) (edit: Edit) : Edit = {
    edit with
        Before = current
        Refusal = None
}

/// The change to send, or the edit with its errors.
let changes (edit: Edit) : Result<VariableChanges, Edit> =
    let name = edit.Name.Trim()

    let expected =
        match edit.Before with
        // A value null cannot be expected: in the API null means that there is no such variable.
        | Some value when isNullOrUndefined value -> []
        | Some value -> [ name, value ]
        | None -> [ name, null ]

    match parseValue edit.IsJson edit.Text with
    | _ when name = "" ->
        Result.Error {
            edit with
                NameFault = Some "Enter the name of the variable."
        }
    | _ when edit.Removes ->
        Ok {
            noChanges with
                Remove = [ name ]
                Expected = expected
        }
    | Ok value ->
        Ok {
            noChanges with
                Set = [ name, value ]
                Expected = expected
        }
    | Result.Error fault -> Result.Error { edit with TextFault = Some fault }

let isOpen (sent: Edit) (present: Edit option) : bool =
    present |> Option.exists (fun edit -> edit.Number = sent.Number)

/// The open edit after the answer to one that was sent. Another edit that was begun meanwhile does not change.
let answered (sent: Edit) (refusal: string option) (present: Edit option) : Edit option =
    match present, refusal with
    | Some _, None when isOpen sent present -> None
    | Some edit, Some _ when isOpen sent present ->
        Some {
            edit with
                Busy = false
                Refusal = refusal
        }
    | _ -> present

/// The variables to set and remove to get from `before` to `after`.
let difference (before: (string * obj) list) (after: (string * obj) list) : VariableChanges =
    let find name values =
        values |> List.tryFind (fst >> (=) name) |> Option.map snd

    let set =
        after
        |> List.filter (fun (name, value) -> not (same (find name before) (Some value)))

    let removed =
        before |> List.map fst |> List.filter (fun name -> (find name after).IsNone)

    let expected =
        (List.map fst set @ removed)
        |> List.choose (fun name ->
            match find name before with
            | Some value when isNullOrUndefined value -> None
            | Some value -> Some(name, value)
            | None -> Some(name, null))

    {
        Set = set
        Remove = removed
        Expected = expected
    }
