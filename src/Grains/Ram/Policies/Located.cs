namespace Orleans.Kms.Grains.Ram.Policies;

/// <summary>A string of a document and where it stands, in bytes from the document's begin.</summary>
internal readonly record struct Located(string Text, int Offset);
