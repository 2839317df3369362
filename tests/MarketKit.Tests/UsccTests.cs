using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests;

public sealed class UsccTests
{
    const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>As the standard prints them (R1.18).</summary>
    static readonly int[] Weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

    [Theory]
    [InlineData("91350100M000100Y43")]
    [InlineData("91110000600037341L")]
    [InlineData("91512081MA62K0260E")]
    [InlineData("11341623003185805A")]
    [InlineData("11441300007187648G")]
    [InlineData("91653001MA9T00018U")]
    [InlineData("91659001MA9T000186")]
    [InlineData("91410611MA9T000187")]
    [InlineData("91510107MA9T00018B")]
    [InlineData("91510603MA9T00018B")]
    [InlineData("91510703MA9T00018G")]
    [InlineData("91341623MA9T00018M")]
    public void A_code_with_the_right_check_character_is_valid(string code)
    {
        Assert.True(Uscc.IsValid(code));
        Assert.Equal(code[17], Uscc.CheckCharacter(code.AsSpan(0, 17)));
    }

    [Fact]
    public void A_sum_without_remainder_is_checked_by_a_zero()
    {
        Assert.Equal('0', Uscc.CheckCharacter("91341623MA9T00237"));
        Assert.True(Uscc.IsValid("91341623MA9T002370"));
    }

    [Theory]
    [InlineData("91350100M000100Y4Z")]
    [InlineData("91350100M000100Y44")]
    [InlineData("91350100M000100Y4")]
    [InlineData("91350100M000100Y433")]
    [InlineData("91350100m000100y43")]
    [InlineData("９１350100M000100Y43")]
    [InlineData(" 91350100M000100Y4")]
    [InlineData("91350100M000100Y4\n")]
    [InlineData("91350100-000100Y43")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_not(string? code) => Assert.False(Uscc.IsValid(code));

    [Theory]
    [InlineData('I')]
    [InlineData('O')]
    [InlineData('S')]
    [InlineData('V')]
    [InlineData('Z')]
    public void Letters_that_look_like_digits_are_refused_wherever_they_stand(char forbidden)
    {
        const string valid = "91350100M000100Y43";
        for (var i = 0; i < valid.Length; i++) Assert.False(Uscc.IsValid(valid[..i] + forbidden + valid[(i + 1)..]));
        // An unknown character must not slip through as one that weighs nothing or minus one either.
        foreach (var check in Alphabet) Assert.False(Uscc.IsValid($"91350100M{forbidden}00100Y4{check}"));
    }

    [Fact]
    public void The_check_character_makes_the_weighted_sum_a_multiple_of_thirty_one() => Randomly.Run(300, random =>
    {
        var code = Code(random);
        var sum = code.Take(17).Select((c, i) => Alphabet.IndexOf(c, StringComparison.Ordinal) * Weights[i]).Sum();
        Assert.Equal(0, (sum + Alphabet.IndexOf(code[17], StringComparison.Ordinal)) % 31);
        Assert.True(Uscc.IsValid(code));
    });

    [Fact]
    public void Every_change_of_one_character_is_found() => Randomly.Run(20, random =>
    {
        var code = Code(random);
        for (var i = 0; i < code.Length; i++)
        {
            foreach (var other in Alphabet.Where(c => c != code[i])) Assert.False(Uscc.IsValid(code[..i] + other + code[(i + 1)..]), $"{code} {i} {other}");
        }
    });

    [Fact]
    public void Every_swap_of_two_neighbours_is_found() => Randomly.Run(100, random =>
    {
        var code = Code(random);
        for (var i = 0; i + 1 < code.Length; i++)
        {
            if (code[i] != code[i + 1]) Assert.False(Uscc.IsValid($"{code[..i]}{code[i + 1]}{code[i]}{code[(i + 2)..]}"), $"{code} {i}");
        }
    });

    static string Code(Random random)
    {
        var body = new string(random.GetItems<char>(Alphabet, 17));
        return body + Uscc.CheckCharacter(body);
    }
}
