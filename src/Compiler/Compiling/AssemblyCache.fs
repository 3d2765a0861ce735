namespace GopherFlow.Scripting

open System
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.Json
open FSharp.Compiler.CodeAnalysis

#nowarn "3265" // What is read is a value tuple, which is never null.

/// Keeps what was compiled in a folder, so that a start needs no compiler. Anyone who can write to the folder can run code here,
/// therefore it belongs to the user alone.
module internal AssemblyCache =

    /// To be changed with whatever else changes what a script is compiled to.
    [<Literal>]
    let private Format = "1"

    /// How many assemblies are kept; the ones that were written first go first.
    [<Literal>]
    let private Kept = 200

    [<Literal>]
    let private ChecksumBytes = 32

    let private encoding = JsonSerializerOptions(IncludeFields = true)

    let private contentsOf (libraries: string option) =
        match libraries with
        | Some folder when Directory.Exists folder ->
            Directory.EnumerateFiles(folder, "*.dll")
            |> Seq.sort
            |> Seq.map (fun path ->
                let content = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes path))
                $"{Path.GetFileName path} {content}")
            |> List.ofSeq
        | _ -> []

    /// Different for everything that can make a difference: the bundle, each assembly it can refer to, and the compiler.
    let keyOf (references: References) (libraries: string option) (source: ScriptSource) : string =
        let parts = [
            Format
            string (typeof<FSharpChecker>.Assembly.GetName().Version)
            Convert.ToHexString(ScriptSource.fingerprint source)
            yield! references.Identities.Value
            yield! contentsOf libraries
        ]

        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(String.concat "\n" parts)))

    let private pathOf folder key = Path.Combine(folder, $"{key}.script")

    let private decode (file: byte array) : CompiledScript option =
        let content = file.AsSpan(min ChecksumBytes file.Length)

        let isWhole =
            SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(0, min ChecksumBytes file.Length))

        if isWhole then
            let struct (assembly, modules, warnings) =
                JsonSerializer.Deserialize<struct (byte array * string list * Diagnostic list)>(content, encoding)

            Some {
                Assembly = assembly
                Modules = modules
                Warnings = warnings
            }
        else
            None

    /// What was compiled under a key; none when there is nothing, or nothing whole.
    let tryRead (folder: string) (key: string) : CompiledScript option =
        let path = pathOf folder key

        try
            if File.Exists path then
                // What lies in a folder of somebody else's is not run.
                PrivateFolder.prepare folder
                decode (File.ReadAllBytes path)
            else
                None
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? JsonException -> None

    /// What is to go of files with the instants at which they were written: all but those written last, of which so many are kept.
    let surplus (kept: int) (files: ('file * DateTime) list) : 'file list =
        files
        |> List.sortByDescending snd
        |> List.map fst
        |> List.skip (min kept files.Length)

    /// Lists the folder only once, for another process may write to it meanwhile.
    let private forget (folder: string) =
        DirectoryInfo(folder).GetFiles "*.script"
        |> Seq.map (fun file -> file, file.LastWriteTimeUtc)
        |> List.ofSeq
        |> surplus Kept
        |> List.iter _.Delete()

    /// Writes under a key; nobody ever sees half a file.
    /// <returns>Why it could not be written, or nothing.</returns>
    let write (folder: string) (key: string) (compiled: CompiledScript) : string option =
        try
            PrivateFolder.prepare folder

            let content =
                JsonSerializer.SerializeToUtf8Bytes(
                    struct (compiled.Assembly, compiled.Modules, compiled.Warnings),
                    encoding
                )

            let unfinished = Path.Combine(folder, $"{key}.{Guid.NewGuid():N}.tmp")
            File.WriteAllBytes(unfinished, Array.append (SHA256.HashData content) content)
            File.Move(unfinished, pathOf folder key, overwrite = true)
            forget folder
            None
        with
        | :? IOException
        | :? UnauthorizedAccessException as failure -> Some failure.Message
