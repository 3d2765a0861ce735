namespace GopherFlow.Scripting

open System
open System.IO
open System.IO.Compression

/// A file that is embedded in a program that was published as a single file.
type internal CarriedFile = {
    Path: string
    Offset: int64
    Size: int64
    /// 0 if the file is not compressed.
    CompressedSize: int64
    IsAssembly: bool
}

/// A program that was published as a single file, with its embedded files.
type internal SingleFile = {
    Program: string
    /// A hash of the content.
    Id: string
    Files: CarriedFile list
}

/// Reads single-file programs in the format of .NET 6 and later: the host contains the offset of the file list, and the list contains the
/// offsets of the files.
module internal SingleFile =

    [<Literal>]
    let private Version = 6u

    [<Literal>]
    let private AssemblyType = 1uy

    [<Literal>]
    let private HeadOfList = 40

    /// The host is at the beginning of the program and is smaller than this.
    [<Literal>]
    let private LargestHost = 33554432L

    /// SHA-256 of ".net core bundle". The offset of the list is before it.
    let private mark =
        Convert.FromHexString "8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae"

    let private offsetOfList (program: string) : int64 option =
        use file = File.OpenRead program
        let host = Array.zeroCreate<byte>(int (min file.Length LargestHost))
        file.ReadExactly host

        match host.AsSpan().IndexOf(mark.AsSpan()) with
        | at when at >= 8 ->
            Some(BitConverter.ToInt64(host, at - 8))
            |> Option.filter (fun offset -> offset > 0L)
        | _ -> None

    let private readFile (reader: BinaryReader) = {
        Offset = reader.ReadInt64()
        Size = reader.ReadInt64()
        CompressedSize = reader.ReadInt64()
        IsAssembly = reader.ReadByte() = AssemblyType
        Path = reader.ReadString()
    }

    let private readList (program: string) (offset: int64) : SingleFile option =
        use file = File.OpenRead program
        file.Position <- offset
        use reader = new BinaryReader(file)
        let version = reader.ReadUInt32()
        reader.ReadUInt32() |> ignore
        let count = reader.ReadInt32()
        let id = reader.ReadString()

        if version <> Version then
            None
        else
            reader.ReadBytes HeadOfList |> ignore

            Some {
                Program = program
                Id = id
                Files = List.init count (fun _ -> readFile reader)
            }

    /// Reads the list of embedded files; None if the program is not a single file.
    let tryRead (program: string) : SingleFile option =
        offsetOfList program |> Option.bind (readList program)

    /// Extracts an embedded file to a path.
    let extract (single: SingleFile) (carried: CarriedFile) (path: string) : unit =
        use file = File.OpenRead single.Program
        file.Position <- carried.Offset

        let content: Stream =
            if carried.CompressedSize > 0L then
                new DeflateStream(file, CompressionMode.Decompress)
            else
                file

        use target = File.Create path
        let buffer = Array.zeroCreate<byte> 81920
        let mutable left = carried.Size

        while left > 0L do
            let part = int (min left (int64 buffer.Length))
            content.ReadExactly(buffer, 0, part)
            target.Write(buffer, 0, part)
            left <- left - int64 part
