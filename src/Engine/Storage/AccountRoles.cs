namespace GopherFlow.Storage;

/// <summary>The roles of users and API keys, as they are stored.</summary>
public static class AccountRoles
{
    /// <summary>Sees everything but the accounts.</summary>
    public const string Viewer = "viewer";

    /// <summary>Changes workflows.</summary>
    public const string Operator = "operator";

    /// <summary>Changes scripts and accounts too.</summary>
    public const string Admin = "admin";

    /// <summary>All of them; each may do what those before it may.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Admin];

    /// <summary>The role itself.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    internal static string Required(string role) =>
        All.Contains(role) ? role : throw new ArgumentException($"'{role}' is none of {string.Join(", ", All)}.");
}
