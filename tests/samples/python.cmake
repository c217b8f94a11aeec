add_test(NAME samples.python
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/python_test.py --lockorder $<TARGET_FILE:lockorder>
    --samples ${PROJECT_SOURCE_DIR}/samples/python)
set_tests_properties(samples.python PROPERTIES LABELS samples SKIP_RETURN_CODE 77 TIMEOUT 200 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
