namespace GopherFlow.Settings;

/// <summary>A database driver's names for the parts of a <see cref="DatabaseUrl"/>.</summary>
internal sealed record DriverKeys
{
    /// <summary>The URL schemes, such as <c>postgres</c>.</summary>
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

    /// <summary>The URL parameters, mapped to the keys of a connection string.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The TLS modes of a URL that the driver calls by another name.</summary>
    public IReadOnlyDictionary<string, string> SslModes { get; init; } = new Dictionary<string, string>();

    /// <summary>A description of the expected URL, for error messages.</summary>
    public required string Example { get; init; }

    /// <summary>
    /// Validates a connection string. Returns the error as the predicate of a sentence, without quoting the text, or null.
    /// </summary>
    public Func<string, string?> FaultOf { get; init; } = static _ => null;
}
