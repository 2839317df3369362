using TechMarket.Listings.Registration;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Listings.Tests;

public sealed class PatentNumberTests
{
    [Theory]
    [InlineData("invention", "201710601862.3", true)]
    [InlineData("invention", "ZL201710601862.3", true)]
    [InlineData("invention", "CN201710601862.3", true)]
    [InlineData("invention", "zl 2017 1 0601862.3", true)]
    [InlineData("invention", "ZL2017106018623", true)]
    [InlineData("invention", "200310102344.5", true)]
    [InlineData("invention", "200610080778.3", true)]
    [InlineData("invention", "202410123456.0", true)]
    [InlineData("invention", "202410000010.9", true)]
    [InlineData("invention", "202480012345.0", true)]
    [InlineData("utility_model", "200620138175.X", true)]
    [InlineData("utility_model", "202420123456.6", true)]
    [InlineData("utility_model", "202490012345.6", true)]
    [InlineData("design", "200630120144.7", true)]
    [InlineData("design", "202430123456.1", true)]
    [InlineData("invention", "95115608.X", true)]
    [InlineData("invention", "97101765.4", true)]
    [InlineData("invention", "201710601862.4", false)]
    [InlineData("invention", "202470123456.0", false)]
    [InlineData("invention", "89103229.2", false)]
    [InlineData("utility_model", "201710601862.3", false)]
    [InlineData("design", "200620138175.X", false)]
    [InlineData("invention", "CN101234567A", true)]
    [InlineData("invention", "CN1234567C", true)]
    [InlineData("utility_model", "CN201234567U", true)]
    [InlineData("design", "CN301234567S", true)]
    [InlineData("design", "CN201234567U", false)]
    [InlineData("invention", "CN10123456A", false)]
    [InlineData("invention", "ZL2017106018", false)]
    [InlineData("invention", "", false)]
    [InlineData("invention", "201710601862.3\n", false)]
    [InlineData("invention", "２01710601862.3", false)]
    [InlineData("invention", "ZL201710601862.٣", false)]
    public void Numbers_are_taken_by_form_kind_and_check_character(string kind, string number, bool valid) =>
        Assert.Equal(valid, PatentNumbers.IsValid(kind, number));

    [Fact]
    public void The_check_character_is_X_when_the_remainder_is_ten()
    {
        var digits = Enumerable.Range(1, 1_000).Select(i => $"20241{i:0000000}").First(text => PatentNumbers.CheckCharacter(text) == 'X');
        Assert.True(PatentNumbers.IsValid("invention", $"ZL{digits}.X"));
        Assert.False(PatentNumbers.IsValid("invention", $"ZL{digits}.0"));
    }

    /// <summary>Eleven is prime and every weight smaller, so that no single wrong digit goes unseen.</summary>
    [Fact]
    public void A_single_wrong_digit_is_always_found() => Randomly.Run(200, random =>
    {
        var digits = $"{random.Next(2004, 2026)}1{random.Next(1, 9_999_999):0000000}".ToCharArray();
        var check = PatentNumbers.CheckCharacter(new string(digits));
        var place = random.Next(5, 12);
        digits[place] = (char)('0' + ((digits[place] - '0' + random.Next(1, 10)) % 10));
        Assert.False(PatentNumbers.IsValid("invention", $"ZL{new string(digits)}.{check}"));
    });

    [Theory]
    [InlineData("invention", "85100001", true)]
    [InlineData("invention", "99100001", true)]
    [InlineData("utility_model", "02200001", true)]
    [InlineData("invention", "04100001", false)]
    public void Eight_digits_were_given_until_2003(string kind, string digits, bool valid) =>
        Assert.Equal(valid, PatentNumbers.IsValid(kind, $"ZL{digits}.{PatentNumbers.CheckCharacter(digits)}"));
}
