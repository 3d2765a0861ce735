namespace GopherFlow.Scripting

open System
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.Json
open FSharp.Compiler.CodeAnalysis

#nowarn "3265" // The deserialized value is a value tuple, which is never null.

/// Caches compiled scripts in a folder, so that no compiler is needed at startup. Anyone who can write to the folder can run code in this
/// process, so only the user may access it.
module internal AssemblyCache =

    /// Must be changed when the output of the compilation changes for any other reason.
    [<Literal>]
    let private Format = "1"

    /// The number of assemblies that are kept. The oldest are deleted first.
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

    /// The cache key. It depends on everything that affects the output: the script with its loaded files, each assembly that it can
    /// reference, and the compiler.
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

        let isComplete =
            SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(0, min ChecksumBytes file.Length))

        if isComplete then
            let struct (assembly, modules, warnings) =
                JsonSerializer.Deserialize<struct (byte array * string list * Diagnostic list)>(content, encoding)

            Some {
                Assembly = assembly
                Modules = modules
                Warnings = warnings
            }
        else
            None

    /// The cache entry with a key; None if it does not exist or is incomplete.
    let tryRead (folder: string) (key: string) : CompiledScript option =
        let path = pathOf folder key

        try
            if File.Exists path then
                // Files in another user's folder, or owned by another user, are not run.
                PrivateFolder.prepare folder
                PrivateFolder.claim path
                decode (File.ReadAllBytes path)
            else
                None
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? JsonException -> None

    /// The files to delete: all but the most recently written ones, of which `kept` are kept.
    let surplus (kept: int) (files: ('file * DateTime) list) : 'file list =
        files
        |> List.sortByDescending snd
        |> List.map fst
        |> List.skip (min kept files.Length)

    /// Lists the folder only once, because another process may write to it at the same time.
    let private deleteSurplus (folder: string) =
        DirectoryInfo(folder).GetFiles "*.script"
        |> Seq.map (fun file -> file, file.LastWriteTimeUtc)
        |> List.ofSeq
        |> surplus Kept
        |> List.iter _.Delete()

    /// Writes a cache entry atomically.
    /// <returns>Why it could not be written; None if it was.</returns>
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
            PrivateFolder.claim unfinished
            File.Move(unfinished, pathOf folder key, overwrite = true)
            deleteSurplus folder
            None
        with
        | :? IOException
        | :? UnauthorizedAccessException as failure -> Some failure.Message
