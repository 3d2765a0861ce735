namespace GopherFlow.Storage;

/// <summary>
/// What a user may be called. The history and the audit log name people beside actors of the engine's own, such as <c>job:7</c>, so a name
/// has no colon and nothing that cannot be seen.
/// </summary>
public static class Usernames
{
    /// <summary>The most characters of a name.</summary>
    public const int Longest = 100;

    /// <summary>What a name must be.</summary>
    public const string Expected = "1 to 100 letters, digits and . _ - @ +, beginning with a letter or a digit";

    private const string Signs = "._-@+";

    /// <summary>Whether a user may have this name.</summary>
    public static bool IsSound(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        return username.Length is > 0 and <= Longest
            && char.IsLetterOrDigit(username[0])
            && username.All(character => char.IsLetterOrDigit(character) || Signs.Contains(character));
    }

    /// <summary>The name itself.</summary>
    /// <exception cref="ArgumentException">It is not sound.</exception>
    internal static string Required(string username) =>
        IsSound(username) ? username : throw new ArgumentException($"A user name is {Expected}.", nameof(username));

    /// <summary>What names are compared by: Ann and ann are one user.</summary>
    public static string KeyOf(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        return username.ToLowerInvariant();
    }
}
