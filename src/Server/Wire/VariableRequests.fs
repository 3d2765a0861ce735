namespace GopherFlow.Server

open System
open GopherFlow.Rules

/// Changes of variables, in the two forms in which requests have them.
module internal VariableRequests =

    open Values
    open Objects

    let private expectation (expected: string option) =
        match expected with
        | None -> null
        | Some "null" -> VariableExpectation null
        | Some json -> VariableExpectation json

    /// Sets a variable; a text that is given as expected must be there before, "null" stands for no variable.
    let set (key: string) (value: string) (expected: string option) =
        VariableChange(key.Trim(), value, Expected = expectation expected)

    let private remove (key: string) (expected: string option) =
        VariableChange(key.Trim(), null, Expected = expectation expected)

    [<Literal>]
    let private LongestName = 500

    /// The kernel checks names too, but cannot say where in the body they stand.
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

    /// The members set, remove and expected of an object. What is expected of a variable holds for it whether it is set or removed.
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
                    "a variable that is not set as well"
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
