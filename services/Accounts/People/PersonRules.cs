using System.Text.RegularExpressions;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.People;

/// <summary>What is checked of every person.</summary>
public static partial class PersonRules
{
    /// <summary>Most characters of a name.</summary>
    public const int NameMax = 60;

    const int EmailMax = 254;
    const int PasswordMin = 8;
    const int PasswordMax = 128;

    /// <summary>409: somebody signs in with this address already.</summary>
    public static readonly Refusal EmailTaken = new("email-taken", "该电子邮箱已被使用。", "This e-mail address is in use already.");

    /// <summary>An e-mail address, in lower case.</summary>
    public static string Email(Shape shape, string field, string? value)
    {
        var email = shape.Text(field, value, EmailMax).ToLowerInvariant();
        if (email.Length > 0) shape.Require(Address().IsMatch(email), field, "电子邮箱格式不正确。", "This is not an e-mail address.");
        return email;
    }

    /// <summary>A password to be: its length alone is asked, as NIST SP 800-63B advises.</summary>
    public static void Password(Shape shape, string field, string? value)
    {
        if (string.IsNullOrEmpty(value)) shape.Wrong(field, "此项必填。", "This field is required.");
        else
        {
            shape.Require(value.Length is >= PasswordMin and <= PasswordMax, field,
                $"须为 {PasswordMin} 至 {PasswordMax} 个字符。", $"Must have {PasswordMin} to {PasswordMax} characters.");
        }
    }

    [GeneratedRegex(@"^[^\s@<>""(),:;\\\[\]]+@[^\s@<>""(),:;\\\[\].]+(\.[^\s@<>""(),:;\\\[\].]+)+$")]
    private static partial Regex Address();
}
