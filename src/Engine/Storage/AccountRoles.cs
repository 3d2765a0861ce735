namespace GopherFlow.Storage;

/// <summary>The roles of users and API keys, as they are stored.</summary>
public static class AccountRoles
{
    /// <summary>May read everything except the accounts.</summary>
    public const string Viewer = "viewer";

    /// <summary>May also change workflows.</summary>
    public const string Operator = "operator";

    /// <summary>May also change scripts and accounts.</summary>
    public const string Admin = "admin";

    /// <summary>All roles, in ascending order: each includes the rights of those before it.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Admin];

    /// <summary>Returns the role.</summary>
    /// <exception cref="ArgumentException">It is not one of <see cref="All"/>.</exception>
    internal static string Required(string role) =>
        All.Contains(role) ? role : throw new ArgumentException($"'{role}' is not one of {string.Join(", ", All)}.");
}
