using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GopherFlow.Tool;

/// <summary>
/// The API key of the databases that <c>gopherflow dev</c> creates for a user of this machine. It is random, is generated once, and is
/// stored in a file that no other user can read.
/// </summary>
/// <param name="folder">The folder of the file.</param>
internal sealed class DevKey(string folder)
{
    private const int RandomBytes = 32;
    private const int Attempts = 25;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The path of the file.</summary>
    public string Location { get; } = Path.Combine(folder, "dev.key");

    /// <summary>The key of the current user.</summary>
    public static DevKey OfUser() =>
        new(
            Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "gopherflow"
            )
        );

    /// <summary>Reads the key; null if there is none.</summary>
    /// <exception cref="UnauthorizedAccessException">The file belongs to another user.</exception>
    public string? Find()
    {
        try
        {
            using var file = new FileStream(Location, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.ASCII);
            return reader.ReadToEnd().Trim() is { Length: > 0 } key ? key : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the key, and generates it if there is none yet.</summary>
    /// <exception cref="CommandException">The file stays empty.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be created, or belongs to another user.</exception>
    public async Task<string> MakeAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if ((Find() ?? TryMake()) is { } key)
            {
                return key;
            }

            // Another process has created the file and is about to write the key.
            await Task.Delay(Pause, cancellation);
        }

        throw new CommandException($"{Location} contains no key. Delete it, and 'gopherflow dev' creates a new one.");
    }

    private string? TryMake()
    {
        using var file = TryCreate();
        if (file is null)
        {
            return null;
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        file.Write(Encoding.ASCII.GetBytes(key));
        return key;
    }

    /// <summary>Creates the file; null if another process was first.</summary>
    private FileStream? TryCreate()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(Location, options);
        }
        catch (IOException) when (File.Exists(Location))
        {
            return null;
        }
    }
}
