namespace GopherFlow.Settings;

/// <summary>What the driver of a database calls the parts of a <see cref="DatabaseUrl"/>.</summary>
internal sealed record DriverKeys
{
    /// <summary>The schemes of its URLs, such as <c>postgres</c>.</summary>
    public required IReadOnlyList<string> Schemes { get; init; }

    /// <summary>The key of the host in a connection string.</summary>
    public required string Host { get; init; }

    /// <summary>The key of the user.</summary>
    public required string User { get; init; }

    /// <summary>The key of the password.</summary>
    public string Password { get; init; } = "Password";

    /// <summary>The key of the database.</summary>
    public string Database { get; init; } = "Database";

    /// <summary>The key of the TLS mode.</summary>
    public required string SslMode { get; init; }

    /// <summary>Parameters of a URL, with the keys that a connection string has for them.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>TLS modes of a URL that the driver calls something else.</summary>
    public IReadOnlyDictionary<string, string> SslModes { get; init; } = new Dictionary<string, string>();

    /// <summary>What is expected of a URL, as a message says it.</summary>
    public required string Example { get; init; }

    /// <summary>What the driver objects to in a connection string, as the rest of a sentence, or null. It quotes none of it.</summary>
    public Func<string, string?> FaultOf { get; init; } = static _ => null;
}
