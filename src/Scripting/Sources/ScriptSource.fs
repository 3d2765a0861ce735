namespace GopherFlow.Scripting

open System
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions

/// <summary>All that a script is made of: its own text and the texts that it loads.</summary>
type ScriptSource = {
    /// <summary>The name of its file, such as <c>CreditCheck.fsx</c>; no folder.</summary>
    Name: string
    /// <summary>Its text.</summary>
    Text: string
    /// <summary>The neighbours that it loads with <c>#load</c>, and those that these load: text by file name.</summary>
    Loaded: Map<string, string>
}

module ScriptSource =

    let private loadLine =
        Regex("^[ \t]*#load[ \t]+(?:\"([^\"\r\n]*)\"[ \t]*)+", RegexOptions.Multiline)

    let private namesIn (text: string) =
        loadLine.Matches text
        |> Seq.collect (fun line -> line.Groups[1].Captures |> Seq.map _.Value)
        |> List.ofSeq

    let private withoutDot (name: string) =
        if name.StartsWith("./", StringComparison.Ordinal) then
            name.Substring 2
        else
            name

    let rec private follow find found text =
        namesIn text
        |> List.map withoutDot
        |> List.filter (fun name -> not (Map.containsKey name found))
        |> List.fold
            (fun found name ->
                match Map.containsKey name found, find name with
                | false, Some loaded -> follow find (Map.add name loaded found) loaded
                | _ -> found)
            found

    /// <summary>A script that loads nothing.</summary>
    let single (name: string) (text: string) : ScriptSource = {
        Name = name
        Text = text
        Loaded = Map.empty
    }

    /// <summary>
    /// A script and every neighbour that it loads, directly or by another. A neighbour that is not found is left out; compiling
    /// tells of it.
    /// </summary>
    /// <param name="find">Gives the text of a neighbour by its name.</param>
    /// <param name="name">The name of the script's file.</param>
    /// <param name="text">The script's text.</param>
    let gather (find: string -> string option) (name: string) (text: string) : ScriptSource = {
        Name = name
        Text = text
        Loaded = follow find Map.empty text |> Map.remove name
    }

    let internal fingerprint (source: ScriptSource) : byte array =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        // Each length is hashed too, so that no two bundles run into the same row of bytes.
        for part in
            [
                source.Name
                source.Text
                for name, text in Map.toList source.Loaded do
                    name
                    text
            ] do
            let bytes = Encoding.UTF8.GetBytes part
            hash.AppendData(BitConverter.GetBytes bytes.Length)
            hash.AppendData bytes

        hash.GetHashAndReset()

/// What a script's file may be called: its name becomes a file again, and the name of a module.
module internal ScriptName =

    let private allowed = Regex @"^[A-Za-z_][A-Za-z0-9_\-.]*\.(fsx|fs)$"

    /// What is wrong with the names in a bundle, in words.
    let faultOf (source: ScriptSource) : string option =
        source.Name :: List.map fst (Map.toList source.Loaded)
        |> List.tryFind (fun name -> name.Length > 100 || not (allowed.IsMatch name))
        |> Option.map (fun name ->
            $"'{name}' is no name for a script: letters, digits, '_', '-' and '.', a letter first, .fsx or .fs at the end, at most 100 in all.")

/// <summary>Which version of a script this is.</summary>
[<RequireQualifiedAccess>]
module ScriptVersion =

    [<Literal>]
    let private Digits = 8

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of its bundle: its name, its text and what it loads.</summary>
    let Of (source: ScriptSource) : string =
        Convert.ToHexStringLower(ScriptSource.fingerprint source).Substring(0, Digits)

/// <summary>Reads a folder of scripts, without watching it.</summary>
[<RequireQualifiedAccess>]
module ScriptFolder =

    /// Where in a folder of scripts the assemblies lie that they may ask for.
    let internal libraries (folder: string) : string = Path.Combine(folder, "lib")

    /// <summary>
    /// Each <c>*.fsx</c> of the folder, in the order of their names, with the neighbours (<c>*.fsx</c> or <c>*.fs</c>) that it loads.
    /// Folders in it are not looked at.
    /// </summary>
    /// <exception cref="T:System.IO.IOException">The folder or a file in it cannot be read.</exception>
    let read (folder: string) : ScriptSource list =
        let textOf (name: string) =
            let path = Path.Combine(folder, name)
            let isNeighbour = String.Equals(Path.GetFileName name, name) && File.Exists path
            if isNeighbour then Some(File.ReadAllText path) else None

        Directory.EnumerateFiles(folder, "*.fsx")
        |> Seq.map (fun path -> string (Path.GetFileName path))
        |> Seq.sortWith (fun one other -> String.CompareOrdinal(one, other))
        |> Seq.map (fun name -> ScriptSource.gather textOf name (File.ReadAllText(Path.Combine(folder, name))))
        |> List.ofSeq
