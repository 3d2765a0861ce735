namespace GopherFlow.Server

open System
open GopherFlow.Rules

/// Decodes changes of variables, in both request formats.
module internal VariableRequests =

    open Values
    open Objects

    let private expectation (expected: string option) =
        match expected with
        | None -> null
        | Some "null" -> VariableExpectation null
        | Some json -> VariableExpectation json

    /// Sets a variable. `expected` is the required previous value; "null" requires that the variable does not exist.
    let set (key: string) (value: string) (expected: string option) =
        VariableChange(key.Trim(), value, Expected = expectation expected)

    let private remove (key: string) (expected: string option) =
        VariableChange(key.Trim(), null, Expected = expectation expected)

    [<Literal>]
    let private LongestName = 500

    /// The kernel checks names too, but does not know their path in the body.
    let private checkName (faults: Faults) path (name: string) =
        let expected =
            if String.IsNullOrWhiteSpace name || name.Contains '\000' then
                Some "a name that is not empty and has no NUL characters"
            elif name.Trim().Length > LongestName then
                Some $"a name of at most {LongestName} characters"
            else
                None

        let received = Excerpt.ofText (name.Replace("\000", "\\u0000"))

        expected
        |> Option.iter (fun expected -> faults.Add(path, Some received, expected))

    /// The members set, remove and expected of an object. An expectation applies to a variable that is set or removed.
    let changes =
        fields {
            let! set = optional "set" (mapOf anyJson)
            and! removed = optional "remove" (listOf filledText)
            and! expected = optional "expected" (mapOf anyJson)
            return defaultArg set Map.empty, defaultArg removed [], defaultArg expected Map.empty
        }
        |> check (fun faults path (set, removed, expected) ->
            for name in set.Keys do
                checkName faults (JsonPath.Member(JsonPath.Member(path, "set"), name)) name

            removed
            |> List.iteri (fun index name -> checkName faults (Item(JsonPath.Member(path, "remove"), index)) name)

            for name in removed |> List.filter set.ContainsKey do
                faults.Add(
                    JsonPath.Member(path, "remove"),
                    Some(Excerpt.ofText name),
                    "a variable that is not set at the same time"
                )

            let removed = Set.ofList removed

            for name in expected.Keys do
                if not (set.ContainsKey name || removed.Contains name) then
                    let path = JsonPath.Member(JsonPath.Member(path, "expected"), name)
                    faults.Add(path, Some(Excerpt.ofText name), "a variable that is set or removed"))
        |> fun fields -> {
            Known = fields.Known
            ReadAll =
                fun faults path members ->
                    fields.ReadAll faults path members
                    |> Option.map (fun (sets, removed, expected) -> [
                        for KeyValue(name, value) in sets -> set name value (Map.tryFind name expected)
                        for name in removed -> remove name (Map.tryFind name expected)
                    ])
        }

    /// PATCH /api/workflows/{id}/variables.
    let patch = object (changes)
