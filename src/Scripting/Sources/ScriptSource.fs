namespace GopherFlow.Scripting

open System
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions

/// <summary>The complete source of a script: its own text and the texts of the files that it loads.</summary>
type ScriptSource = {
    /// <summary>The name of its file without a folder, such as <c>CreditCheck.fsx</c>.</summary>
    Name: string
    /// <summary>Its text.</summary>
    Text: string
    /// <summary>The files that it loads with <c>#load</c>, directly or indirectly: text by file name.</summary>
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

    /// <summary>A script that loads no other files.</summary>
    let single (name: string) (text: string) : ScriptSource = {
        Name = name
        Text = text
        Loaded = Map.empty
    }

    /// <summary>
    /// Collects a script and every file that it loads, directly or indirectly. A file that is not found is left out here; the compiler
    /// reports it.
    /// </summary>
    /// <param name="find">Returns the text of a file by its name, or None.</param>
    /// <param name="name">The name of the script's file.</param>
    /// <param name="text">The script's text.</param>
    let gather (find: string -> string option) (name: string) (text: string) : ScriptSource = {
        Name = name
        Text = text
        Loaded = follow find Map.empty text |> Map.remove name
    }

    let internal fingerprint (source: ScriptSource) : byte array =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        // The lengths are hashed too, so that different bundles never produce the same byte sequence.
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

/// The rule for names of script files. A name is used as a file name and as a module name when the script is compiled.
module internal ScriptName =

    let private allowed = Regex @"^[A-Za-z_][A-Za-z0-9_\-.]*\.(fsx|fs)$"

    /// The error message for the first invalid name in a bundle, or None.
    let faultOf (source: ScriptSource) : string option =
        source.Name :: List.map fst (Map.toList source.Loaded)
        |> List.tryFind (fun name -> name.Length > 100 || not (allowed.IsMatch name))
        |> Option.map (fun name ->
            $"'{name}' is not a valid name for a script: use letters, digits, '_', '-' and '.', start with a letter or '_', end with .fsx or .fs, at most 100 characters.")

/// <summary>Computes the version of a script.</summary>
[<RequireQualifiedAccess>]
module ScriptVersion =

    [<Literal>]
    let private Digits = 8

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of its name, its text and the files that it loads.</summary>
    let Of (source: ScriptSource) : string =
        Convert.ToHexStringLower(ScriptSource.fingerprint source).Substring(0, Digits)

/// <summary>Reads a folder of scripts once, without watching it.</summary>
[<RequireQualifiedAccess>]
module ScriptFolder =

    /// The subfolder with the assemblies that scripts may reference.
    let internal libraries (folder: string) : string = Path.Combine(folder, "lib")

    /// <summary>
    /// Reads each <c>*.fsx</c> file of the folder, in the order of their names, with the files (<c>*.fsx</c> or <c>*.fs</c>) that it loads.
    /// Subfolders are ignored.
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
