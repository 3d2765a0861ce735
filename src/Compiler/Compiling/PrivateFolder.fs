namespace GopherFlow.Scripting

open System
open System.IO

/// A folder that only the user can access, because anyone who can write to it can run code in this process.
module internal PrivateFolder =

    let private ownerOnly =
        UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

    /// Creates the folder, or makes an existing one private. A folder that is already private is not changed, because its file system may
    /// be read-only.
    let prepare (folder: string) : unit =
        if OperatingSystem.IsWindows() then
            Directory.CreateDirectory folder |> ignore
        else
            Directory.CreateDirectory(folder, ownerOnly) |> ignore

            if File.GetUnixFileMode folder <> ownerOnly then
                File.SetUnixFileMode(folder, ownerOnly)

    /// Makes a file in the folder private. The folder may have been open to other users before. For a file that another user owns, this
    /// fails; a file that is private to another user cannot be read either.
    let claim (file: string) : unit =
        let ownerOnly = UnixFileMode.UserRead ||| UnixFileMode.UserWrite

        if not (OperatingSystem.IsWindows()) && File.GetUnixFileMode file <> ownerOnly then
            File.SetUnixFileMode(file, ownerOnly)
