namespace GopherFlow.Storage;

/// <summary>
/// The rules for user names. The history and the audit log name users next to actors of the engine, such as <c>job:7</c>, so a user name
/// contains no colon and no invisible characters.
/// </summary>
public static class Usernames
{
    /// <summary>The maximum length of a name in characters.</summary>
    public const int Longest = 100;

    /// <summary>The rule for names, as text for a message.</summary>
    public const string Expected = "1 to 100 letters, digits and . _ - @ +, beginning with a letter or a digit";

    private const string Signs = "._-@+";

    /// <summary>Whether a name is valid.</summary>
    public static bool IsValid(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        return username.Length is > 0 and <= Longest
            && char.IsLetterOrDigit(username[0])
            && username.All(character => char.IsLetterOrDigit(character) || Signs.Contains(character));
    }

    /// <summary>Returns the name.</summary>
    /// <exception cref="ArgumentException">It is not valid.</exception>
    internal static string Required(string username) =>
        IsValid(username)
            ? username
            : throw new ArgumentException($"A user name must be {Expected}.", nameof(username));

    /// <summary>The key by which names are compared: Ann and ann are the same user.</summary>
    public static string KeyOf(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        return username.ToLowerInvariant();
    }
}
