namespace GopherFlow.Scripting

open System
open System.IO

/// A folder that belongs to the user alone, because anyone who can write to it can run code here.
module internal PrivateFolder =

    let private ownerOnly =
        UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute

    /// Makes it, or makes it private if it is there and is not yet: its file system may be read-only.
    let prepare (folder: string) : unit =
        if OperatingSystem.IsWindows() then
            Directory.CreateDirectory folder |> ignore
        else
            Directory.CreateDirectory(folder, ownerOnly) |> ignore

            if File.GetUnixFileMode folder <> ownerOnly then
                File.SetUnixFileMode(folder, ownerOnly)
