using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GopherFlow.Settings;

/// <summary>
/// The address and credentials of a database server, given as an ADO.NET connection string or as a URL
/// (<c>postgres://user:password@host:port/database?sslmode=require</c>). It contains a password, so neither <see cref="ToString"/> nor any
/// error message shows parts of it.
/// </summary>
internal sealed class DatabaseUrl
{
    private const string SchemeEnd = "://";

    private DatabaseUrl(string connectionString) => ConnectionString = connectionString;

    /// <summary>The connection string for the driver. It contains the password.</summary>
    public string ConnectionString { get; }

    /// <summary>Reads a URL or a connection string.</summary>
    /// <param name="driver">The driver's names for the parts of an address.</param>
    /// <param name="text">The text.</param>
    /// <param name="url">The parsed address, or null.</param>
    /// <param name="fault">The error, as the predicate of a sentence, or null.</param>
    public static bool TryParse(
        DriverKeys driver,
        string text,
        [NotNullWhen(true)] out DatabaseUrl? url,
        [NotNullWhen(false)] out string? fault
    )
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(text);
        url = null;
        var parts = new DbConnectionStringBuilder();
        fault = IsUrl(text) ? ReadUrl(driver, text, parts) : ReadConnectionString(text, parts);
        fault ??= driver.FaultOf(parts.ConnectionString);
        url = fault is null ? new DatabaseUrl(parts.ConnectionString) : null;
        return url is not null;
    }

    /// <summary>
    /// Reads GFLOW_DATABASE_URL, which is required for a database server. Its value contains a password, so errors do not show it.
    /// </summary>
    /// <param name="settings">The settings, which also collect the errors.</param>
    /// <param name="driver">The driver's names for the parts of an address.</param>
    public static DatabaseUrl? Read(SettingsReader settings, DriverKeys driver)
    {
        const string name = "GFLOW_DATABASE_URL";
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(driver);
        if (settings.OptionalText(name) is not { } text)
        {
            return settings.Fault<DatabaseUrl?>(name, null, driver.Example, null);
        }

        if (!TryParse(driver, text, out var url, out var fault))
        {
            settings.SecretFault(name, fault);
        }

        return url;
    }

    /// <summary>A fixed text, because the URL contains a password.</summary>
    public override string ToString() => "(not shown)";

    /// <summary>A connection string may contain a URL in a value, but it starts with a key and an equals sign.</summary>
    private static bool IsUrl(string text)
    {
        var end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        return end > 0 && !text.AsSpan(0, end).Contains('=');
    }

    private static string? ReadConnectionString(string text, DbConnectionStringBuilder parts)
    {
        try
        {
            parts.ConnectionString = text;
            return parts.Count > 0 ? null : "is neither a URL nor a connection string";
        }
        catch (ArgumentException)
        {
            // The message of the exception quotes the text, so it is not used.
            return "is neither a URL nor a connection string (key=value pairs, separated by semicolons)";
        }
    }

    private static string? ReadUrl(DriverKeys names, string text, DbConnectionStringBuilder parts)
    {
        var scheme = text[..text.IndexOf(SchemeEnd, StringComparison.Ordinal)];
        if (!names.Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            return $"begins with none of {string.Join(", ", names.Schemes.Select(known => known + SchemeEnd))}";
        }

        var rest = text[(scheme.Length + SchemeEnd.Length)..];
        var (beforeQuery, query) = Split(rest, rest.IndexOf('?'));
        var (authority, path) = Split(beforeQuery, beforeQuery.IndexOf('/'));
        var at = authority.LastIndexOf('@');
        var signIn = authority[..Math.Max(at, 0)];
        var (user, password) = Split(signIn, signIn.IndexOf(':'));
        var fault = ReadAddress(authority[(at + 1)..], names, parts);
        fault ??= Set(parts, names.User, user, "a user name");
        fault ??= Set(parts, names.Password, password, "a password");
        fault ??= Set(parts, names.Database, path, "a database name");
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            fault ??= ReadParameter(parameter, names, parts);
        }

        return fault;
    }

    private static string? ReadAddress(string address, DriverKeys names, DbConnectionStringBuilder parts)
    {
        var bracket = address.IndexOf(']');
        var colon = address.IndexOf(':', Math.Max(bracket, 0));
        var host = (colon < 0 ? address : address[..colon]).TrimStart('[').TrimEnd(']');
        if (host.Length == 0)
        {
            return "names no host";
        }

        if (colon >= 0)
        {
            var isPort = ushort.TryParse(
                address.AsSpan(colon + 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var port
            );
            if (!isPort || port == 0)
            {
                return "has a port that is not a number from 1 to 65535 (a ':', '/', '?', '#' or '@' in a password is written %3A, %2F, %3F, %23 or %40)";
            }

            parts["Port"] = port;
        }

        return Set(parts, names.Host, host, "a host");
    }

    private static string? ReadParameter(string parameter, DriverKeys names, DbConnectionStringBuilder parts)
    {
        var (key, value) = Split(parameter, parameter.IndexOf('='));
        if (!TryDecode(key, out var name) || name.Length == 0)
        {
            return "has a parameter without a name";
        }

        var word = names.Parameters.GetValueOrDefault(name, name);
        return word == names.SslMode && names.SslModes.TryGetValue(value, out var mode)
            ? Set(parts, word, mode, "a parameter")
            : Set(
                parts,
                word,
                word == names.SslMode ? value.Replace("-", "", StringComparison.Ordinal) : value,
                "a parameter"
            );
    }

    private static string? Set(DbConnectionStringBuilder parts, string key, string encoded, string what)
    {
        if (!TryDecode(encoded, out var value))
        {
            return $"has {what} with a '%' that is not followed by two hexadecimal digits; a '%' itself is written %25";
        }

        try
        {
            if (value.Length > 0)
            {
                parts[key] = value;
            }

            return null;
        }
        catch (ArgumentException)
        {
            return $"has {what} that the driver does not accept";
        }
    }

    private static bool TryDecode(string encoded, out string decoded)
    {
        decoded = Uri.UnescapeDataString(encoded);
        for (var percent = encoded.IndexOf('%'); percent >= 0; percent = encoded.IndexOf('%', percent + 1))
        {
            if (
                percent + 2 >= encoded.Length
                || !char.IsAsciiHexDigit(encoded[percent + 1])
                || !char.IsAsciiHexDigit(encoded[percent + 2])
            )
            {
                return false;
            }
        }

        return true;
    }

    private static (string Before, string After) Split(string text, int separator) =>
        separator < 0 ? (text, "") : (text[..separator], text[(separator + 1)..]);
}
