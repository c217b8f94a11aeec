set(bank ${PROJECT_SOURCE_DIR}/samples/bank)
lockorder_case(NAME samples.transfer_static TARGET transfer_static
  SOURCES ${bank}/transfer_static.c ${bank}/bank.c LABELS samples)
lockorder_case(NAME samples.transfer_fixed_order TARGET transfer_fixed_order
  SOURCES ${bank}/transfer_fixed_order.c ${bank}/bank.c LABELS samples)
