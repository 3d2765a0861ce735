namespace GopherFlow.Scripting

open System
open System.IO

/// Unpacks the assemblies that the compiler needs from a single-file program, once for each build of the program.
module internal UnpackedReferences =

    [<Literal>]
    let private Prefix = "references-"

    [<Literal>]
    let private UnpackingPrefix = "unpacking-"

    /// How long the files of a build are kept after the last compilation with them.
    let private kept = TimeSpan.FromDays 7.

    /// Deletes files that have not been used for a long time, and partially unpacked ones. Files that were used recently may belong to
    /// another build that is running.
    let private removeUnused (folder: string) =
        for pattern in [ Prefix + "*"; UnpackingPrefix + "*" ] do
            for other in Directory.EnumerateDirectories(folder, pattern) do
                if DateTime.UtcNow - Directory.GetLastWriteTimeUtc other > kept then
                    try
                        Directory.Delete(other, recursive = true)
                    with
                    | :? IOException
                    | :? UnauthorizedAccessException -> ()

    /// If two processes do this at the same time, the second one uses the folder of the first.
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

    /// Unpacks the assemblies unless they exist already. The folder appears atomically. A folder of another user is refused.
    let inFolder (folder: string) (single: SingleFile) (files: CarriedFile list) : string list =
        PrivateFolder.prepare folder
        let target = Path.Combine(folder, Prefix + single.Id)

        if not (Directory.Exists target) then
            unpackInto folder target single files

        PrivateFolder.prepare target
        Directory.SetLastWriteTimeUtc(target, DateTime.UtcNow)
        removeUnused folder
        Directory.EnumerateFiles(target, "*.dll") |> Seq.sort |> List.ofSeq
