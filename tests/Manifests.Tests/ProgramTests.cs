using Orleans.Kms.Manifests.Tests.Containers;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>Tests that run the programs, built once.</summary>
[CollectionDefinition(Name)]
public sealed class ProgramTests : ICollectionFixture<BuildContext>
{
    public const string Name = "Programs";
}
