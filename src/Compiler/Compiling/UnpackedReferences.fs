namespace GopherFlow.Scripting

open System
open System.IO

/// The assemblies that a single file unpacks for the compiler, once for each build of the program.
module internal UnpackedReferences =

    [<Literal>]
    let private Prefix = "references-"

    [<Literal>]
    let private UnpackingPrefix = "unpacking-"

    /// How long a build's files stay after a script was last compiled with them.
    let private kept = TimeSpan.FromDays 7.

    /// Removes what no build has used for long, and what was left half unpacked. Another build may be running and needs its own files.
    let private removeUnused (folder: string) =
        for pattern in [ Prefix + "*"; UnpackingPrefix + "*" ] do
            for other in Directory.EnumerateDirectories(folder, pattern) do
                if DateTime.UtcNow - Directory.GetLastWriteTimeUtc other > kept then
                    try
                        Directory.Delete(other, recursive = true)
                    with
                    | :? IOException
                    | :? UnauthorizedAccessException -> ()

    /// When two do it at once, the second finds the folder of the first.
    let private moveInto (unpacked: string) (target: string) =
        try
            Directory.Move(unpacked, target)
        with :? IOException when Directory.Exists target ->
            Directory.Delete(unpacked, recursive = true)

    let private unpackInto (folder: string) (target: string) (single: SingleFile) (files: CarriedFile list) =
        let unpacked = Path.Combine(folder, $"{UnpackingPrefix}{Guid.NewGuid():N}")
        PrivateFolder.prepare unpacked

        for file in files do
            SingleFile.extract single file (Path.Combine(unpacked, string (Path.GetFileName file.Path)))

        moveInto unpacked target

    /// Unpacks them unless they are there. They appear all at once. A folder of another user is refused.
    let inFolder (folder: string) (single: SingleFile) (files: CarriedFile list) : string list =
        PrivateFolder.prepare folder
        let target = Path.Combine(folder, Prefix + single.Id)

        if not (Directory.Exists target) then
            unpackInto folder target single files

        Directory.SetLastWriteTimeUtc(target, DateTime.UtcNow)
        removeUnused folder
        Directory.EnumerateFiles(target, "*.dll") |> Seq.sort |> List.ofSeq
