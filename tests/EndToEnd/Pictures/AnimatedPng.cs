using System.Buffers.Binary;
using System.IO.Hashing;

namespace GopherFlow.EndToEnd.Tests.Pictures;

/// <summary>
/// Combines PNG images of the same size into an animation that loops forever. A PNG consists of chunks. An animated PNG stores the data of
/// each image after the first in fdAT chunks (PNG specification, third edition, section 11.3.6).
/// </summary>
internal static class AnimatedPng
{
    private const int SignatureLength = 8;

    /// <summary>Creates an animation.</summary>
    /// <param name="frames">The images and the time that each is shown, in milliseconds.</param>
    public static byte[] Of(IReadOnlyList<(byte[] Picture, int Milliseconds)> frames)
    {
        using var file = new MemoryStream();
        file.Write(frames[0].Picture.AsSpan(0, SignatureLength));
        var header = Chunks(frames[0].Picture).First(chunk => chunk.Kind == "IHDR").Data;
        Write(file, "IHDR", header);
        Write(file, "acTL", [.. Number(frames.Count), .. Number(0)]);
        var sequence = 0;
        foreach (var (place, (picture, milliseconds)) in frames.Index())
        {
            Write(file, "fcTL", Control(sequence++, header, milliseconds));
            foreach (var (_, data) in Chunks(picture).Where(chunk => chunk.Kind == "IDAT"))
            {
                if (place == 0)
                {
                    Write(file, "IDAT", data);
                }
                else
                {
                    Write(file, "fdAT", [.. Number(sequence++), .. data]);
                }
            }
        }

        Write(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Sequence number, width, height, offset, delay as a fraction, and two zeros: the image replaces the previous one.</summary>
    private static byte[] Control(int sequence, byte[] header, int milliseconds) =>
        [
            .. Number(sequence),
            .. header.AsSpan(0, 8),
            .. Number(0),
            .. Number(0),
            .. Short(milliseconds),
            .. Short(1000),
            0,
            0,
        ];

    private static IEnumerable<(string Kind, byte[] Data)> Chunks(byte[] picture)
    {
        for (var at = SignatureLength; at < picture.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(at));
            yield return (
                System.Text.Encoding.ASCII.GetString(picture, at + 4, 4),
                picture.AsSpan(at + 8, length).ToArray()
            );
            at += length + 12;
        }
    }

    private static void Write(MemoryStream file, string kind, byte[] data)
    {
        byte[] checkedPart = [.. System.Text.Encoding.ASCII.GetBytes(kind), .. data];
        file.Write(Number(data.Length));
        file.Write(checkedPart);
        file.Write(Number((int)Crc32.HashToUInt32(checkedPart)));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Short(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        return bytes;
    }
}
