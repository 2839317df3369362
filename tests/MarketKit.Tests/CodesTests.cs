using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using TechMarket.ServiceKit;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests;

public sealed partial class CodesTests
{
    /// <summary>Sections of GB/T 4754-2017: the first and the last division of each letter (brief §1.8).</summary>
    static readonly Dictionary<char, (int First, int Last)> Sections = new (char Letter, int First, int Last)[]
    {
        ('A', 1, 5), ('B', 6, 12), ('C', 13, 43), ('D', 44, 46), ('E', 47, 50), ('F', 51, 52), ('G', 53, 60), ('H', 61, 62), ('I', 63, 65),
        ('J', 66, 69), ('K', 70, 70), ('L', 71, 72), ('M', 73, 75), ('N', 76, 79), ('O', 80, 82), ('P', 83, 83), ('Q', 84, 85), ('R', 86, 90),
        ('S', 91, 96), ('T', 97, 97),
    }.ToDictionary(section => section.Letter, section => (section.First, section.Last));

    static readonly Dictionary<string, FrozenSet<string>> Lists = new()
    {
        ["OrganisationKinds"] = Codes.OrganisationKinds,
        ["AchievementCategories"] = Codes.AchievementCategories,
        ["TechFields"] = Codes.TechFields,
        ["TransferModes"] = Codes.TransferModes,
        ["CooperationModes"] = Codes.CooperationModes,
        ["IntellectualPropertyKinds"] = Codes.IntellectualPropertyKinds,
        ["FundingSources"] = Codes.FundingSources,
        ["EvidenceKinds"] = Codes.EvidenceKinds,
    };

    /// <summary>As the brief names them; a code that is gone or new is a change of the API.</summary>
    [Theory]
    [InlineData("OrganisationKinds",
        "association broker bureau enterprise financial_institution hospital institute registry service_agency university")]
    [InlineData("AchievementCategories", "applied_technology basic_theory soft_science")]
    [InlineData("TechFields", "advanced_manufacturing_automation aerospace biology_new_medicine electronic_information high_tech_services "
        + "new_energy_saving new_materials resources_environment")]
    [InlineData("TransferModes", "assignment commissioned_development equity_contribution joint_development licence_exclusive licence_open "
        + "licence_ordinary licence_sole other self_implementation technical_consulting technical_service")]
    [InlineData("CooperationModes", "assignment commissioned_development equity_contribution joint_development licence_exclusive licence_open "
        + "licence_ordinary licence_sole other self_implementation talent technical_consulting technical_service")]
    [InlineData("IntellectualPropertyKinds",
        "biomedical_variety design ic_layout_design invention plant_variety software_copyright technical_secret utility_model")]
    [InlineData("FundingSources", "city_county_plan commissioned foundation ministry_plan national_plan other provincial_plan self_chosen")]
    [InlineData("EvidenceKinds",
        "citation_proof development_report employer_opinion evaluation_certificate ip_proof paper research_report user_certificate")]
    public void A_list_holds_the_codes_of_the_field(string list, string codes) =>
        Assert.Equal(codes.Split(' '), Lists[list].Order(StringComparer.Ordinal));

    [Fact]
    public void Every_list_is_held_against_the_field() =>
        Assert.Equal(Lists.Keys.Order(),
            typeof(Codes).GetFields().Where(field => field.FieldType == typeof(FrozenSet<string>)).Select(field => field.Name).Order());

    [Theory]
    [InlineData("Assignment")]
    [InlineData("assignment ")]
    [InlineData("talent")]
    public void Codes_are_found_as_they_are_written_only(string code) => Assert.StartsWith(
        "Must be one of: ", ErrorOf(shape => shape.OneOf("code", code, Codes.TransferModes)), StringComparison.Ordinal);

    [Theory]
    [InlineData("regions.csv")]
    [InlineData("industries.csv")]
    public void A_table_names_every_code_once_and_in_clean_words(string file)
    {
        var rows = DataFile.Rows(file);
        Assert.Equal(rows.Length, rows.Select(row => row[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(rows.Length, file == "regions.csv" ? Codes.Regions.Count : Codes.Industries.Count);
        var names = file == "regions.csv" ? Codes.Regions.Values : Codes.Industries.Values;
        Assert.All(names, name => Assert.Matches(@"^[^\s"",]+$", name));
    }

    [Fact]
    public void Every_region_lies_in_one_that_is_known()
    {
        Assert.All(Codes.Regions.Keys, code => Assert.Matches(@"^[1-9][0-9]{5}\z", code));
        Assert.All(Codes.Regions.Keys, code => Assert.All(Above(code), above => Assert.True(Codes.Regions.ContainsKey(above), above)));
        Assert.Equal(34, Codes.Regions.Keys.Count(code => code.EndsWith("0000", StringComparison.Ordinal) && code != "100000"));
    }

    [Theory]
    [InlineData("100000", "全国")]
    [InlineData("653000", "克孜勒苏柯尔克孜自治州")]
    [InlineData("653001", "阿图什市")]
    [InlineData("653024", "乌恰县")]
    [InlineData("659001", "石河子市")]
    [InlineData("659012", "白杨市")]
    [InlineData("410600", "鹤壁市")]
    [InlineData("410611", "淇滨区")]
    [InlineData("510100", "成都市")]
    [InlineData("510118", "新津区")]
    [InlineData("510604", "罗江区")]
    [InlineData("510705", "安州区")]
    [InlineData("341623", "利辛县")]
    [InlineData("710000", "台湾省")]
    [InlineData("810000", "香港特别行政区")]
    [InlineData("820000", "澳门特别行政区")]
    public void A_region_has_its_name(string code, string name) => Assert.Equal(name, Codes.Regions[code]);

    [Theory]
    [InlineData("510626")] // 罗江县, until 2017
    [InlineData("510724")] // 安县, until 2016
    [InlineData("510132")] // 新津县, until 2020
    [InlineData("660000")] // the XPCC has none
    [InlineData("000000")]
    [InlineData("51010")]
    [InlineData("5101000")]
    [InlineData("５１０１００")]
    [InlineData("510100 ")]
    [InlineData("成都市")]
    public void What_is_no_region_of_today_is_refused(string code)
    {
        Assert.DoesNotContain(code, Codes.Regions.Keys);
        Assert.Equal("Must be a six-digit region code of GB/T 2260.", ErrorOf(shape => shape.Region("code", code)));
    }

    [Fact]
    public void Industries_have_twenty_sections_and_ninety_seven_divisions_and_every_code_lies_in_its_section()
    {
        Assert.All(Codes.Industries.Keys, code => Assert.Matches(IndustryCode(), code));
        Assert.Equal(Sections.Keys, Codes.Industries.Keys.Where(code => code.Length == 1).Select(code => code[0]).Order());
        Assert.Equal(Enumerable.Range(1, 97), Codes.Industries.Keys.Where(code => code.Length == 3).Select(Division).Order());
        Assert.Equal(473, Codes.Industries.Keys.Count(code => code.Length == 4));
        Assert.InRange(Codes.Industries.Keys.Count(code => code.Length == 5), 1375, 1390);
        Assert.All(Codes.Industries.Keys.Where(code => code.Length > 1), code =>
        {
            Assert.InRange(Division(code), Sections[code[0]].First, Sections[code[0]].Last);
            Assert.True(Codes.Industries.ContainsKey(code[..(code.Length == 3 ? 1 : code.Length - 1)]), code);
        });
    }

    [Theory]
    [InlineData("A0111", "稻谷种植")]
    [InlineData("B0820", "锰矿、铬矿采选")]
    [InlineData("C2710", "化学药品原料药制造")]
    [InlineData("C3841", "锂离子电池制造")]
    public void An_industry_has_its_name(string code, string name) => Assert.Equal(name, Codes.Industries[code]);

    [Theory]
    [InlineData("2710")]
    [InlineData("A2710")]
    [InlineData("C27100")]
    [InlineData("U9900")]
    [InlineData("C2799")]
    [InlineData("c2710")]
    public void What_is_no_industry_is_refused(string code) =>
        Assert.StartsWith("Must be an industry code of GB/T 4754", ErrorOf(shape => shape.Industry("code", code)), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_code_that_is_asked_for_must_be_there(string? code)
    {
        Assert.Equal("This field is required.", ErrorOf(shape => shape.Region("code", code)));
        Assert.Equal("This field is required.", ErrorOf(shape => shape.Industry("code", code)));
    }

    [Fact]
    public void A_good_code_is_given_back()
    {
        var shape = new Shape();
        Assert.Equal("341623", shape.Region("region", "341623"));
        Assert.Equal("C27", shape.Industry("industry", "C27"));
        Assert.Null(shape.Problem);
    }

    [Theory]
    [InlineData("100000", "341623", true)]
    [InlineData("000000", "341623", true)]
    [InlineData("340000", "341623", true)]
    [InlineData("341600", "341623", true)]
    [InlineData("341623", "341623", true)]
    [InlineData("341623", "341600", false)]
    [InlineData("341602", "341623", false)]
    [InlineData("341600", "340000", false)]
    [InlineData("340000", "100000", false)]
    [InlineData("650000", "659001", true)]
    [InlineData("653000", "659001", false)]
    [InlineData("510100", "511002", false)] // 内江: alike to the third digit
    public void A_region_covers_what_lies_under_it(string region, string other, bool covers) => Assert.Equal(covers, Caller.RegionCovers(region, other));

    [Fact]
    public void In_the_whole_table_a_region_is_covered_by_itself_and_those_above_it_alone()
    {
        var codes = Codes.Regions.Keys.Order(StringComparer.Ordinal).ToArray();
        Randomly.Run(60, random =>
        {
            var region = codes[random.Next(codes.Length)];
            Assert.Equal(Above(region).Append(region).Append("100000").Distinct().Order(StringComparer.Ordinal),
                codes.Where(other => Caller.RegionCovers(other, region)));
        });
    }

    [Fact]
    public void A_bureau_covers_every_subtree_of_its_jurisdiction_and_what_has_no_region()
    {
        var bureau = Caller.Anonymous with
        {
            Organisation = new CallerOrganisation("利辛县科学技术局", "bureau", "11341623003185805A", "341623", true, ["341600", "659000"]),
        };
        Assert.True(bureau.Covers("341623"));
        Assert.True(bureau.Covers("659001"));
        Assert.True(bureau.Covers(null));
        Assert.False(bureau.Covers("340100"));
        Assert.False(bureau.Covers("650000"));
        Assert.False(Caller.Anonymous.Covers("341623"));
    }

    /// <summary>Its prefecture and its province, as far as it is not one itself.</summary>
    static IEnumerable<string> Above(string code) => new[] { $"{code[..4]}00", $"{code[..2]}0000" }.Where(above => above != code);

    static int Division(string code) => int.Parse(code.AsSpan(1, 2), CultureInfo.InvariantCulture);

    static string ErrorOf(Action<Shape> check)
    {
        var shape = new Shape();
        check(shape);
        return Assert.Single(((Problem)shape.Problem!.Body!).Errors!["code"]).English;
    }

    [GeneratedRegex(@"^[A-T]([0-9]{2}([0-9]([0-9])?)?)?\z")]
    private static partial Regex IndustryCode();
}
