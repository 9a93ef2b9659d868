using System.Reflection;
using System.Xml.Linq;

namespace Orleans.Kms.Grains.Tests;

/// <summary>Who may reference whom: Contracts, then Grains, Gateway and Client apart from each other, then Silo.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("Contracts", "")]
    [InlineData("Grains", "Contracts")]
    [InlineData("Gateway", "Contracts")]
    [InlineData("Client", "Contracts")]
    [InlineData("Silo", "Gateway Grains")]
    public void Projects_reference_only_what_the_design_allows(string project, string allowed)
    {
        var references = XDocument.Load(Path.Combine(Root(), "src", project, $"{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries), references.Order());
    }

    [Fact]
    public void Grains_know_nothing_of_http() => Assert.DoesNotContain(
        typeof(GrainServices).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Contracts_need_only_the_orleans_sdk() => Assert.All(
        typeof(Orleans.Kms.Keys.IKeyGrain).Assembly.GetReferencedAssemblies().Select(name => name.Name!),
        name => Assert.True(name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Orleans", StringComparison.Ordinal) || name == "Microsoft.Extensions.DependencyInjection.Abstractions", name));

    private static string Root() =>
        typeof(ReferenceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Root").Value!;
}
