using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>The identity of a user at an OpenID Connect provider.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The id of the user at the provider, which is never given to another user.</param>
public sealed record ExternalIdentity(string Issuer, string Subject)
{
    /// <summary>The maximum length of an issuer in characters.</summary>
    public const int LongestIssuer = 500;

    /// <summary>The maximum length of a subject in characters, as OpenID Connect defines it.</summary>
    public const int LongestSubject = 255;

    /// <summary>Whether both are non-empty printable ASCII, and not too long.</summary>
    public bool IsValid => IsVisible(Issuer, LongestIssuer) && IsVisible(Subject, LongestSubject);

    private static bool IsVisible(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.All(character => character is >= ' ' and <= '~');
}

/// <summary>A user to add.</summary>
/// <param name="Username">The name, which is unique regardless of case; see <see cref="Usernames"/>.</param>
/// <param name="PasswordHash">The slow salted hash of the password; null for a user without one.</param>
/// <param name="Role">One of <see cref="AccountRoles"/>.</param>
/// <param name="Created">When it is created.</param>
public sealed record NewUser(string Username, string? PasswordHash, string Role, DateTimeOffset Created)
{
    /// <summary>The maximum length of a display name in characters; longer ones are cut.</summary>
    public const int LongestDisplayName = 200;

    /// <summary>The name, which is unique regardless of case.</summary>
    public string Username
    {
        get;
        init => field = Usernames.Required(value);
    } = Usernames.Required(Username);

    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public string Role
    {
        get;
        init => field = AccountRoles.Required(value);
    } = AccountRoles.Required(Role);

    /// <summary>When it is created.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();

    /// <summary>The display name, or null.</summary>
    public string? DisplayName
    {
        get;
        init => field = value?.CutAt(LongestDisplayName).Storable();
    }

    /// <summary>Whether the user may sign in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The identity at an OpenID Connect provider, or null.</summary>
    public ExternalIdentity? External
    {
        get;
        init =>
            field = value is null or { IsValid: true }
                ? value
                : throw new ArgumentException(
                    "An issuer and a subject must be printable ASCII, and not too long.",
                    nameof(External)
                );
    }
}

/// <summary>A user as stored.</summary>
public sealed record UserRecord
{
    /// <summary>The id.</summary>
    public required long Id { get; init; }

    /// <summary>The name, which is unique regardless of case.</summary>
    public required string Username { get; init; }

    /// <summary>The display name, or null.</summary>
    public string? DisplayName { get; init; }

    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>The slow salted hash of the password; null for a user without one.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Whether the user may sign in.</summary>
    public required bool Enabled { get; init; }

    /// <summary>When the user was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the user last opened a session; null if never.</summary>
    public DateTimeOffset? LastSignIn { get; init; }

    /// <summary>The identity at an OpenID Connect provider, or null.</summary>
    public ExternalIdentity? External { get; init; }

    /// <summary>How often the user was changed.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether the user is an enabled admin. The last one cannot be removed.</summary>
    internal bool IsEnabledAdmin => Enabled && Role == AccountRoles.Admin;

    /// <summary>The user after a change.</summary>
    internal UserRecord After(UserChange change) =>
        this with
        {
            DisplayName =
                change.DisplayName is null ? DisplayName
                : change.DisplayName.Length == 0 ? null
                : change.DisplayName,
            Role = change.Role ?? Role,
            Enabled = change.Enabled ?? Enabled,
            PasswordHash = change.PasswordHash ?? PasswordHash,
            Revision = Revision + 1,
        };
}

/// <summary>A page of users.</summary>
/// <param name="Limit">The maximum number of users in the page.</param>
/// <param name="AfterId">Only users with a larger id.</param>
public sealed record UserSearch(int Limit, long AfterId = 0);

/// <summary>A change of a user. Properties that are null are left as they are.</summary>
public sealed record UserChange
{
    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public string? Role
    {
        get;
        init => field = value is null ? null : AccountRoles.Required(value);
    }

    /// <summary>Whether the user may sign in.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The hash of a new password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The display name; an empty text removes it, so that the user name is shown.</summary>
    public string? DisplayName
    {
        get;
        init => field = value?.CutAt(NewUser.LongestDisplayName).Storable();
    }

    /// <summary>The session that stays open after a change of the password: the one in which it was changed.</summary>
    public long? KeptSessionId { get; init; }

    /// <summary>The revision that the user must have; null for any.</summary>
    public long? Revision { get; init; }
}

/// <summary>The outcome of changing a user.</summary>
public enum UserVerdict
{
    /// <summary>The user was changed.</summary>
    Done,

    /// <summary>There is no such user.</summary>
    NotFound,

    /// <summary>The user is the last enabled admin, and must stay one.</summary>
    LastAdmin,

    /// <summary>The user does not have the expected revision.</summary>
    Outdated,
}

/// <summary>The result of changing a user.</summary>
/// <param name="Verdict">Whether it was changed.</param>
/// <param name="Before">The user before the change, if there is one.</param>
/// <param name="After">The user after the change; null if nothing was changed, or if the user was deleted.</param>
public sealed record UserChangeResult(UserVerdict Verdict, UserRecord? Before = null, UserRecord? After = null);
