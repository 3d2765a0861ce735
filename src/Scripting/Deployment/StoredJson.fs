namespace GopherFlow.Scripting

open System.Collections.Generic
open System.Text.Json
open System.Text.Json.Serialization

/// Converts diagnostics and loaded files to and from the JSON in which they are stored.
module internal StoredJson =

    let private options =
        let options = JsonSerializerOptions JsonSerializerDefaults.Web
        options.Converters.Add(JsonStringEnumConverter JsonNamingPolicy.CamelCase)
        options

    let ofDiagnostics (diagnostics: Diagnostic list) =
        JsonSerializer.Serialize(List.toArray diagnostics, options)

    let toDiagnostics (json: string) : Diagnostic list =
        match JsonSerializer.Deserialize<Diagnostic array>(json, options) with
        | null -> []
        | diagnostics -> List.ofArray diagnostics

    let ofLoaded (loaded: Map<string, string>) =
        JsonSerializer.Serialize(Dictionary(Map.toSeq loaded |> Seq.map KeyValuePair), options)

    let toLoaded (json: string) : Map<string, string> =
        match JsonSerializer.Deserialize<Dictionary<string, string>>(json, options) with
        | null -> Map.empty
        | loaded -> loaded |> Seq.map (fun file -> file.Key, file.Value) |> Map.ofSeq
