namespace GopherFlow.Server

open System

/// Values by key, of which those that were put longest ago are forgotten when there are too many.
type Remembered<'value> = private {
    Values: Map<string, DateTimeOffset * 'value>
    ByAge: Set<DateTimeOffset * string>
}

module Remembered =

    let empty<'value> : Remembered<'value> = {
        Values = Map.empty
        ByAge = Set.empty
    }

    let count remembered = remembered.Values.Count

    let tryFind key remembered =
        Map.tryFind key remembered.Values |> Option.map snd

    let remove key remembered =
        match Map.tryFind key remembered.Values with
        | None -> remembered
        | Some(at, _) -> {
            Values = Map.remove key remembered.Values
            ByAge = Set.remove (at, key) remembered.ByAge
          }

    /// Puts a value as of an instant, so that there are at most so many.
    let put most at key value remembered =
        let others = remove key remembered

        let others =
            if count others < most then
                others
            else
                remove (snd (Set.minElement others.ByAge)) others

        {
            Values = Map.add key (at, value) others.Values
            ByAge = Set.add (at, key) others.ByAge
        }
